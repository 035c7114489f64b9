/**
 * How far a reader of a task's stream has come, written as the id of each event: `{output}.{states}{letter}{at}`, and
 * `.end` after the last one.
 *
 * `output` is the stored number of the newest output, so resuming is exact there. States are counted, and the last one
 * named by its letter and instant: a history beyond its cap loses its oldest entries, and then the name finds the place.
 */
import { type StateEntry, stateLetters } from "@workstream/core";

export type TaskCursor = {
  output: number;
  states: number;
  /** Letter and instant of the last state; empty before the first. */
  lastState: string;
  isEnd: boolean;
};

export const startCursor: TaskCursor = { output: 0, states: 0, lastState: "", isEnd: false };

export function formatCursor({ output, states, lastState, isEnd }: TaskCursor): string {
  return `${output}.${states}${lastState}${isEnd ? ".end" : ""}`;
}

/** An id that is not ours starts over. */
export function parseCursor(id: string): TaskCursor {
  const [, output, states, lastState, end] =
    /^(\d{1,15})\.(\d{1,9})([PACFSDX]\d{1,15})?(\.end)?$/.exec(id) ?? [];
  if (output === undefined || states === undefined) return startCursor;
  return {
    output: Number(output),
    states: Number(states),
    lastState: lastState ?? "",
    isEnd: end !== undefined,
  };
}

export function nameOf({ state, at }: StateEntry): string {
  return `${stateLetters[state]}${at}`;
}

/** Where in `history` the first state stands that the reader has not seen. States may be repeated, never left out. */
export function nextState(history: readonly StateEntry[], { states, lastState }: TaskCursor): number {
  const last = history[states - 1];
  if (last !== undefined && nameOf(last) === lastState) return states;
  return history.findLastIndex((entry) => nameOf(entry) === lastState) + 1;
}
