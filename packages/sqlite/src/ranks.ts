import type { Connection } from "./connection.ts";

/**
 * Positions in lanes and in the DLQ. One pair of counters serves all places, since only the order within a place
 * matters; they are read from the file once, when it is opened.
 */
export class Ranks {
  #first: number;
  #last: number;

  constructor(connection: Connection) {
    const ends = connection.prepare(
      `SELECT min((SELECT min(rank) FROM tasks WHERE tasks.place = place_counts.place)),
              max((SELECT max(rank) FROM tasks WHERE tasks.place = place_counts.place))
       FROM place_counts WHERE place = 'DLQ' OR place LIKE '%:%'`,
    );
    const [first, last] = ends.first<[number | null, number | null]>() ?? [null, null];
    this.#first = first ?? 0;
    this.#last = last ?? 0;
  }

  head(): number {
    this.#first -= 1;
    return this.#first;
  }

  tail(): number {
    this.#last += 1;
    return this.#last;
  }
}
