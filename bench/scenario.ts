/** The shape of every scenario, and of what it finds. */
import { type Spread, spread } from "./spread.ts";

export type BenchOptions = {
  runs: number;
  /** Size of the scenario; null for its own. */
  tasks: number | null;
  /** Readers of the event stream; null for the scenario's own. */
  clients: number | null;
  /** Which of the scenario's parts; none: all of them. */
  parts: readonly string[];
  /** The store keeps an append-only file, synced every second. */
  isDurable: boolean;
};

export type Goal = { of: "ratio" | "ours"; is: "at least" | "at most"; bound: number };

export type Figures = { name: string; figures: readonly number[] };

export type Row = {
  what: string;
  unit: string;
  ours: Spread;
  /** What it is held against, measured in turn with ours; null where there is nothing. */
  peer: (Spread & { name: string }) | null;
  /** Ours / the peer's of the same run. */
  ratio: Spread | null;
  goal: Goal | null;
};

export type Scenario = {
  name: string;
  /** A sentence. */
  describes: string;
  /** Tasks, or samples, unless told otherwise; 0 where that makes no difference. */
  size: number;
  /** It is measured with an append-only file too. */
  hasDurable: boolean;
  /** What it can be asked for by itself. */
  parts?: readonly string[];
  run(options: BenchOptions & { tasks: number }): Promise<Row[]>;
};

export function row(
  what: string,
  unit: string,
  measured: { ours: readonly number[]; peer?: Figures; goal?: Goal },
): Row {
  const { ours, peer, goal } = measured;
  return {
    what,
    unit,
    ours: spread(ours),
    peer: peer ? { name: peer.name, ...spread(peer.figures) } : null,
    ratio: peer ? spread(ours.map((figure, run) => figure / (peer.figures[run] ?? Number.NaN))) : null,
    goal: goal ?? null,
  };
}

export const ratioAtLeast = (bound: number): Goal => ({ of: "ratio", is: "at least", bound });
export const ratioAtMost = (bound: number): Goal => ({ of: "ratio", is: "at most", bound });
export const oursAtMost = (bound: number): Goal => ({ of: "ours", is: "at most", bound });
export const oursAtLeast = (bound: number): Goal => ({ of: "ours", is: "at least", bound });

/** Null where there is no goal. */
export function isMet({ goal, ours, ratio }: Row): boolean | null {
  if (goal === null) return null;
  const figure = goal.of === "ratio" ? (ratio?.median ?? Number.NaN) : ours.median;
  return goal.is === "at least" ? figure >= goal.bound : figure <= goal.bound;
}
