/** Writes one input in chunks. Nothing stays unless a task with this id is enqueued within the hour. */
export interface InputWriter {
  write(chunk: Uint8Array): Promise<void>;
  abort(): Promise<void>;
}

/** The bytes of uploaded files. They belong to the task of the same id and go when it goes. */
export interface InputStore {
  /** @throws store_full when the bound on stored input bytes is reached, at the first write that would pass it */
  open(taskId: string): Promise<InputWriter>;
  /** The bytes in chunks of at most 256 kB, or null when there are none. */
  read(taskId: string): Promise<AsyncIterable<Uint8Array> | null>;
}

export const inputChunkBytes = 256 * 1024;
