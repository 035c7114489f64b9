/**
 * What attempts say while they run: the stream `output:{id}`, entry n being `n-0`, and the channel `task-output:{id}`.
 *
 * One script appends and publishes, so a subscriber that then reads misses nothing.
 */
import {
  type Lease,
  maxOutputBytes,
  maxOutputEntries,
  type NewOutput,
  type OutputEntry,
  outputKeptMs,
  outputPieces,
  type TaskOutputs,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";
import type { Subscriber } from "./subscriber.ts";

/** Entries of one script. */
const partSize = 50;

export class RedisTaskOutputs implements TaskOutputs {
  readonly #link: StoreLink;
  readonly #subscriber: Subscriber;

  constructor(link: StoreLink, subscriber: Subscriber) {
    this.#link = link;
    this.#subscriber = subscriber;
  }

  async append(
    workerId: string,
    { id, token }: Lease,
    entries: readonly NewOutput[],
  ): Promise<"appended" | "lease_lost"> {
    const { keys, scripts } = this.#link;
    const limits = { maxEntries: maxOutputEntries, maxBytes: maxOutputBytes, keptMs: outputKeptMs };
    const pieces = outputPieces(entries);
    for (let at = 0; at < pieces.length; at += partSize) {
      const [outcome] = await scripts.run("append-output", {
        args: { workerId, id, token, ...limits },
        records: pieces.slice(at, at + partSize),
        keys: [keys.task(id), keys.output(id)],
      });
      if (outcome === "lease_lost") return outcome;
    }
    return "appended";
  }

  async read(taskId: string, after: number): Promise<OutputEntry[]> {
    const { connection, keys } = this.#link;
    const found = await connection.read((client) =>
      client.xrange(keys.output(taskId), `${Math.max(after, 0) + 1}-0`, "+"),
    );
    return found.map(([number, fields]) => entryOf(number, fields));
  }

  async subscribe(
    taskId: string,
    listener: { onEntries(entries: OutputEntry[]): void; onGap(): void },
  ): Promise<{ close(): Promise<void> }> {
    const close = await this.#subscriber.subscribe(this.#link.keys.taskOutput(taskId), {
      onMessage(message) {
        const entries = readEntries(message);
        if (entries.length > 0) listener.onEntries(entries);
      },
      onGap: () => listener.onGap(),
    });
    return { close };
  }
}

/** Fields stand in pairs: name, value. */
function entryOf(id: string, fields: readonly string[]): OutputEntry {
  const values: Record<string, string> = {};
  for (let at = 0; at + 1 < fields.length; at += 2) values[fields[at] ?? ""] = fields[at + 1] ?? "";
  const { kind, text = "", at = "0" } = values;
  return { number: Number.parseInt(id, 10), kind: kind === "reset" ? kind : "output", text, at: Number(at) };
}

/** None for a message that is not ours. */
function readEntries(message: string): OutputEntry[] {
  try {
    const entries: unknown = JSON.parse(message);
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(entry: Partial<OutputEntry> | null): entry is OutputEntry {
  return typeof entry?.number === "number" && typeof entry.text === "string";
}
