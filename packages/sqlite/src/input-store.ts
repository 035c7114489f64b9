import { type InputStore, WorkstreamError } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import { type InputKind, type InputTable, splitChunks } from "./input-table.ts";
import type { Sweeper } from "./sweeper.ts";

type Parts = { commits: CommitQueue; inputs: InputTable; sweeper: Sweeper };

export function createInputStore({ commits, inputs, sweeper }: Parts): InputStore {
  return {
    async open(taskId) {
      const upload = await openUpload({ commits, inputs }, taskId, "file");
      return {
        write: upload.write,
        async abort() {
          await commits.write(() => inputs.condemnUpload(upload.input));
          sweeper.kick();
        },
      };
    },
    async read(taskId) {
      commits.assertOpen();
      const found = inputs.find(taskId, "file");
      return found === null ? null : readChunks({ commits, inputs }, found);
    },
  };
}

/** An upload whose writes are transactions of at most 256 kB each. */
export async function openUpload(
  { commits, inputs }: Pick<Parts, "commits" | "inputs">,
  taskId: string,
  kind: InputKind,
): Promise<{ input: number; write(bytes: Uint8Array): Promise<void> }> {
  const input = await commits.write(({ now }) => inputs.begin(taskId, kind, now));
  let index = 0;
  return {
    input,
    async write(data) {
      for (const bytes of splitChunks(data)) {
        const chunk = { index: index++, bytes };
        await commits.write(({ now }) => {
          inputs.assertRoom(bytes.byteLength);
          inputs.append(input, chunk, now);
        });
      }
    },
  };
}

async function* readChunks(
  { commits, inputs }: Pick<Parts, "commits" | "inputs">,
  { input, bytes }: { input: number; bytes: number },
): AsyncGenerator<Uint8Array> {
  let read = 0;
  for (let index = 0; read < bytes; index++) {
    commits.assertOpen();
    const chunk = inputs.chunk(input, index);
    if (chunk === null) throw new WorkstreamError("not_found", "The input was deleted while it was read.");
    read += chunk.byteLength;
    yield chunk;
  }
}
