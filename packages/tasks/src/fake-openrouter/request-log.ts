/** One request, as it arrived. */
export type RequestRecord = {
  /** 1 for the first. */
  number: number;
  /** Arrival on the fake's monotonic clock: ms since it started, with fractions. */
  atMs: number;
  /** Arrival in epoch ms. */
  at: number;
  path: string;
  model: string | null;
  isStream: boolean;
  /** `200`, `429` …, or `reset`, `cut`, `aborted` (the caller went away); null while it is answered. */
  outcome: string | null;
  /** The fault that was put on it; null: none. */
  fault: string | null;
  /** Until the answer's last byte; null while it is answered. */
  durationMs: number | null;
};

/** Older ones are forgotten: an hour at 25 calls a second fits. */
const maxRecords = 100_000;

export class RequestLog {
  #records: RequestRecord[] = [];
  #number = 0;
  readonly #waiting = new Set<() => void>();

  get records(): readonly RequestRecord[] {
    return this.#records;
  }

  begin(arrival: Pick<RequestRecord, "atMs" | "at" | "path">): RequestRecord {
    this.#number += 1;
    const unknown = { model: null, isStream: false, outcome: null, fault: null, durationMs: null };
    const record: RequestRecord = { number: this.#number, ...arrival, ...unknown };
    this.#records.push(record);
    if (this.#records.length > maxRecords) this.#records.splice(0, maxRecords / 10);
    for (const check of this.#waiting) check();
    return record;
  }

  /** Forgets them; numbers go on. */
  clear(): void {
    this.#records = [];
  }

  /** Resolves when at least `count` records are there. */
  arrived(count: number): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#records.length < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}

export const requestColumns = [
  "number",
  "atMs",
  "at",
  "path",
  "model",
  "isStream",
  "outcome",
  "fault",
  "durationMs",
] as const satisfies readonly (keyof RequestRecord)[];

/** A row a request, without repeating the names: a minute at full rate is 1,400 of them. */
export function compactRows(records: readonly RequestRecord[]): unknown[][] {
  return records.map((record) => requestColumns.map((column) => record[column]));
}
