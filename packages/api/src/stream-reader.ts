import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { WorkstreamError } from "@workstream/core";

/** One open stream. A reader that doesn't keep up is dropped: what it misses, it can ask for again. */
export class StreamReader {
  /** Whether it has had its first event, and so gets the following ones. */
  isStarted = false;
  readonly #response: ServerResponse;
  readonly #maxBufferedBytes: number;

  constructor(response: ServerResponse, headers: OutgoingHttpHeaders, maxBufferedBytes: number) {
    this.#response = response;
    this.#maxBufferedBytes = maxBufferedBytes;
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      connection: "keep-alive",
    });
    response.flushHeaders();
  }

  onClose(listener: () => void): void {
    if (this.#response.closed) setImmediate(listener);
    else this.#response.once("close", listener);
  }

  /** Bytes that many readers share are encoded once, and held once however far some of them are behind. */
  write(frames: string | Buffer): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    if (this.#response.writableLength > this.#maxBufferedBytes) this.#response.destroy();
    else this.#response.write(frames);
  }

  end(): void {
    this.#response.end();
  }
}

export function tooManyReaders(): WorkstreamError {
  return new WorkstreamError("too_many_requests", "As many streams are open as this gateway serves.", {
    details: { retry_after_seconds: 10 },
  });
}
