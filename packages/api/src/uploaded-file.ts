/** Streams one uploaded file into the store, without ever holding more than a chunk of it. */
import { createHash } from "node:crypto";
import type { MultipartFile } from "@fastify/multipart";
import { type InputWriter, inputChunkBytes, WorkstreamError } from "@workstream/core";
import { isPdf, signatureWindowBytes } from "./pdf-signature.ts";

export type StoredFile = { size: number; sha256: string };
export type FileRules = { isPdf: boolean; maxBytes: number };

/**
 * Writes the file's bytes in chunks of 256 kB. When it throws, the rest of the upload is left unread.
 * @throws not_a_pdf, as soon as the first 1,024 bytes show it · too_large · store_full · store_unavailable
 */
export async function storeFile(
  file: MultipartFile["file"],
  writer: InputWriter,
  rules: FileRules,
): Promise<StoredFile> {
  const hash = createHash("sha256");
  let size = 0;
  file.once("limit", () => file.destroy(tooLarge(rules.maxBytes)));
  for await (const chunk of chunksOf(file, inputChunkBytes)) {
    if (size === 0 && rules.isPdf && !isPdf(chunk)) throw notAPdf();
    size += chunk.length;
    hash.update(chunk);
    await writer.write(chunk);
  }
  if (size === 0 && rules.isPdf) throw notAPdf("The file is empty.");
  return { size, sha256: hash.digest("hex") };
}

/** Chunks of `chunkBytes`, but for the first, which comes as soon as the signature can be judged, and the last. */
async function* chunksOf(file: AsyncIterable<Buffer>, chunkBytes: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = signatureWindowBytes;
  for await (const part of orUploadFault(file)) {
    parts.push(part);
    length += part.length;
    if (length < wanted) continue;
    const all = Buffer.concat(parts, length);
    const whole = length - (length % wanted);
    for (let at = 0; at < whole; at += chunkBytes) yield all.subarray(at, Math.min(at + chunkBytes, whole));
    parts = [all.subarray(whole)];
    length -= whole;
    wanted = chunkBytes;
  }
  if (length > 0) yield Buffer.concat(parts, length);
}

export function tooLarge(maxBytes: number): WorkstreamError {
  return new WorkstreamError(
    "too_large",
    `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`,
  );
}

function notAPdf(reason = "The file does not begin as a PDF does, whatever its name says."): WorkstreamError {
  return new WorkstreamError("not_a_pdf", reason);
}

/** Passes `source` on, and names what breaks it. What its reader throws is not its business. */
export async function* orUploadFault<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof WorkstreamError || (error instanceof Error && "statusCode" in error)) throw error;
    throw new WorkstreamError("malformed_request", "The multipart body is malformed, or breaks off.", {
      cause: error,
    });
  }
}
