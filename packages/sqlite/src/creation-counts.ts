import type { Connection, Statement } from "./connection.ts";
import { beginOfMs, type IdRange } from "./id-range.ts";

const minuteMs = 60_000;

/** Every task, those of one type, or those that belong to one queue. */
export type Kind = { by: "all" } | { by: "type" | "queue"; name: string };

type Counter = { total: Statement; minutes: Statement; range: Statement };

/**
 * How many tasks of a kind were created within a range of ids.
 *
 * Whole minutes come from the counts by minute; only the minutes at both ends are counted task by task (0.034 ms for
 * a thousand).
 */
export class CreationCounts {
  readonly #counters: Record<Kind["by"], Counter>;

  constructor(connection: Connection) {
    this.#counters = {
      all: prepareCounter(connection, "?1 = ''"),
      type: prepareCounter(connection, "type = ?1"),
      queue: prepareCounter(connection, "queue = ?1"),
    };
  }

  count(kind: Kind, range: IdRange): number {
    const name = kind.by === "all" ? "" : kind.name;
    const { total } = this.#counters[kind.by];
    if (range.isWhole) return total.first<[number]>(name)?.[0] ?? 0;
    if (range.fromMs > range.toMs) return 0;
    return this.#countRange(this.#counters[kind.by], name, range);
  }

  #countRange(counter: Counter, name: string, { from, below, fromMs, toMs }: IdRange): number {
    const firstWhole = Math.ceil(fromMs / minuteMs);
    const endWhole = Math.floor((toMs + 1) / minuteMs);
    const count = (low: string, high: string) => counter.range.first<[number]>(name, low, high)?.[0] ?? 0;
    if (firstWhole >= endWhole) return count(from, below);
    const [whole] = counter.minutes.first<[number]>(name, firstWhole, endWhole) ?? [0];
    const head = count(from, beginOfMs(firstWhole * minuteMs));
    const tail = count(beginOfMs(endWhole * minuteMs), below);
    return head + whole + tail;
  }
}

function prepareCounter({ prepare }: Connection, condition: string): Counter {
  return {
    total: prepare(`SELECT coalesce(sum(tasks), 0) FROM kind_counts WHERE ${condition}`),
    minutes: prepare(
      `SELECT coalesce(sum(tasks), 0) FROM created_counts WHERE ${condition} AND minute >= ?2 AND minute < ?3`,
    ),
    range: prepare(`SELECT count(*) FROM tasks WHERE ${condition} AND id >= ?2 AND id < ?3`),
  };
}
