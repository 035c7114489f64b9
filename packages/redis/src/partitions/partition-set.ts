/**
 * The partitions of a store, and which of them holds what.
 *
 * The first is the home: guards, results and the records of services and operations live there alone. An id is asked for
 * where it says that it is; what is not found there is looked for in all others, for ids of another program, or of before
 * there were partitions, say nothing. Where such a one was found is remembered.
 */
import { WorkstreamError } from "@workstream/core";
import type { KeySpace } from "./key-space.ts";
import { partitionOfId } from "./partition-ids.ts";

export type Partition = KeySpace & { index: number };

const maxStrays = 100_000;

export class PartitionSet {
  readonly all: readonly Partition[];
  readonly #strays = new Map<string, number>();

  constructor(spaces: readonly KeySpace[]) {
    this.all = spaces.map((space, index) => ({ ...space, index }));
  }

  get count(): number {
    return this.all.length;
  }

  get home(): Partition {
    return this.at(0);
  }

  /** All but the home. */
  get others(): readonly Partition[] {
    return this.all.slice(1);
  }

  at(index: number): Partition {
    const partition = this.all[index];
    if (!partition) throw new Error(`There is no partition ${index}.`);
    return partition;
  }

  /** Where this id is asked for first. */
  of(id: string): Partition {
    return this.at(this.#strays.get(id) ?? partitionOfId(id, this.count));
  }

  /** Remembers where an id is, when it does not say so itself. */
  note(id: string, { index }: Partition): void {
    if (partitionOfId(id, this.count) === index) this.#strays.delete(id);
    else this.#strays.set(id, index);
    const [oldest] = this.#strays.keys();
    if (this.#strays.size > maxStrays && oldest !== undefined) this.#strays.delete(oldest);
  }

  /** Asks where the id should be, then everywhere else. Answers what was found, or the first answer. */
  async find<T>(
    id: string,
    ask: (partition: Partition) => Promise<T>,
    isFound: (answer: T) => boolean,
  ): Promise<T> {
    const first = this.of(id);
    const answer = await ask(first);
    if (isFound(answer)) return answer;
    const elsewhere = this.all.filter((partition) => partition !== first);
    const answers = await Promise.all(elsewhere.map(ask));
    const at = answers.findIndex(isFound);
    const partition = elsewhere[at];
    if (!partition) return answer;
    this.note(id, partition);
    return answers[at] as T;
  }

  /** The partition that has this task; where it should be when none has. */
  async locate(id: string): Promise<Partition> {
    const ask = async (partition: Partition) => {
      const { connection, keys } = partition.link;
      const count = await connection.read((client) => client.exists(keys.task(id)));
      return count === 1 ? partition : null;
    };
    return (await this.find(id, ask, (found) => found !== null)) ?? this.of(id);
  }

  /** Asks all at once. @throws what the first failing one threw, with its name */
  map<T>(ask: (partition: Partition) => Promise<T>): Promise<T[]> {
    return Promise.all(this.all.map((partition) => named(partition, this.count, () => ask(partition))));
  }

  /** Asks all at once and answers for those that answered. @throws what the first threw, when none did */
  async mapAnswering<T>(ask: (partition: Partition) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(this.all.map((partition) => ask(partition)));
    const values = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    const [first] = answers;
    if (values.length === 0 && first?.status === "rejected") throw first.reason;
    return values;
  }
}

/** A partition in words, from 1. */
export function nameOf({ index }: Pick<Partition, "index">, count: number): string {
  return `Partition ${index + 1} of ${count}`;
}

async function named<T>(partition: Partition, count: number, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WorkstreamError)) throw error;
    const { code, details } = error;
    throw new WorkstreamError(code, `${nameOf(partition, count)}: ${error.message}`, {
      details,
      cause: error,
    });
  }
}
