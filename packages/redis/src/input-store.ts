/**
 * The bytes of uploaded files, and text too long for a hash: `input:{id}`.
 *
 * They go up in chunks of 256 kB and lapse after an hour unless a task with this id is enqueued, which makes them stay.
 * `inputs:bytes` is their sum, kept by the scripts that write and delete them; past its bound uploads are refused.
 */
import {
  type ClaimedTask,
  type InputStore,
  type InputWriter,
  inputChunkBytes,
  WorkstreamError,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

/** Long texts that are fetched at a time after a claim. */
const fetchAtOnce = 8;

export class RedisInputs implements InputStore {
  readonly #link: StoreLink;
  readonly #maxInputBytes: number;

  constructor(link: StoreLink, maxInputBytes: number) {
    this.#link = link;
    this.#maxInputBytes = maxInputBytes;
  }

  async open(taskId: string): Promise<InputWriter> {
    let offset = 0;
    return {
      write: async (chunk) => {
        for (let at = 0; at < chunk.byteLength; at += inputChunkBytes) {
          const part = chunk.subarray(at, at + inputChunkBytes);
          await this.#upload(taskId, offset, part);
          offset += part.byteLength;
        }
      },
      abort: () => this.#discard(taskId),
    };
  }

  async read(taskId: string): Promise<AsyncIterable<Uint8Array> | null> {
    const key = this.#link.keys.input(taskId);
    const size = await this.#link.connection.read((client) => client.strlen(key));
    return size === 0 ? null : this.#chunks(key, size);
  }

  async writeText(taskId: string, text: string): Promise<void> {
    const writer = await this.open(taskId);
    await writer.write(Buffer.from(text));
  }

  async readText(taskId: string): Promise<string | null> {
    return this.#link.connection.read((client) => client.get(this.#link.keys.input(taskId)));
  }

  /** Puts long texts in their place, after the claim, which stands whatever this throws. */
  async fillIn(tasks: readonly ClaimedTask[]): Promise<void> {
    const { connection, keys } = this.#link;
    for (let at = 0; at < tasks.length; at += fetchAtOnce) {
      const some = tasks.slice(at, at + fetchAtOnce);
      const texts = await connection.read((client) =>
        Promise.all(some.map(({ id }) => client.get(keys.input(id)))),
      );
      for (const [index, task] of some.entries()) task.content = texts[index] ?? "";
    }
  }

  async *#chunks(key: string, size: number): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; at += inputChunkBytes) {
      const end = at + inputChunkBytes - 1;
      const chunk = await this.#link.connection.read((client) => client.getrangeBuffer(key, at, end));
      if (chunk.byteLength === 0)
        throw new WorkstreamError("not_found", "The input was deleted while it was read.");
      yield chunk;
    }
  }

  async #upload(id: string, offset: number, part: Uint8Array): Promise<void> {
    const { keys, scripts } = this.#link;
    const chunk = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    const [outcome] = await scripts.run("upload", {
      args: { id, offset, maxInputBytes: this.#maxInputBytes, chunk },
      keys: [keys.input(id), keys.task(id)],
    });
    if (outcome === "full") {
      const message = `The inputs of all tasks together have reached their bound of ${this.#maxInputBytes} bytes: delete tasks with large inputs, or raise MAX_INPUT_BYTES.`;
      throw new WorkstreamError("store_full", message);
    }
    if (outcome === "out_of_step") {
      throw new WorkstreamError("outcome_unknown", "The upload was interrupted: begin again.");
    }
  }

  async #discard(id: string): Promise<void> {
    const { keys, scripts } = this.#link;
    await scripts.run("discard-upload", { args: { id }, keys: [keys.input(id), keys.task(id)] });
  }
}
