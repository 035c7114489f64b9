import { Worker } from "node:worker_threads";
import type { PageImage, PdfThreadInput, PdfThreadMessage, PdfThreadRequest } from "./pdf-thread-protocol.ts";
import { PdfError } from "./pdfxtract/pdf-error.ts";
import type { PdfExtract } from "./pdfxtract/pdf-extract.ts";
import { type PdfLimits, pdfiumMemoryBytes } from "./pdfxtract/pdf-limits.ts";

export type PdfThreadOptions = { limits: PdfLimits; signal?: AbortSignal };
export type ExtractRequest = Omit<Extract<PdfThreadRequest, { type: "extract" }>, "type">;

type Answer = Exclude<PdfThreadMessage, { type: "page" | "failed" }>;
type Exchange = {
  resolve(answer: Answer): void;
  reject(fault: Error): void;
  onPage: ((done: number, total: number) => void) | undefined;
};

/**
 * One PDF, opened once in a thread of its own, which reads and draws its pages on demand.
 *
 * It is asked for one thing at a time. The first fault, be it the file's, a limit's or the signal's, is its last:
 * whatever is asked of it after that meets the same one. Whoever starts one closes it.
 */
export class PdfThread {
  readonly #worker: Worker;
  readonly #options: PdfThreadOptions;
  #current: Exchange | null = null;
  #fault: Error | null = null;

  /** `bytes` that own their buffer are moved to the thread, and empty afterwards; a shared buffer stays. */
  constructor(bytes: Uint8Array, options: PdfThreadOptions) {
    this.#options = options;
    this.#worker = startWorker(bytes, options.limits);
    this.#worker.on("message", (message: PdfThreadMessage) => this.#receive(message));
    this.#worker.once("error", (error) => this.#fail(threadError(error, options.limits.memoryMb)));
    this.#worker.once("exit", (code) =>
      this.#fail(new Error(`The PDF thread ended with code ${code} and no answer.`)),
    );
    options.signal?.addEventListener("abort", this.#stop, { once: true });
  }

  /**
   * The articles of its text layer, page by page.
   * @throws PdfError why the file gives no result; anything else is a fault of the program
   */
  async extract(request: ExtractRequest, onPage?: Exchange["onPage"]): Promise<PdfExtract> {
    const answer = await this.#ask({ type: "extract", ...request }, onPage);
    if (answer.type !== "extract") throw unexpected(answer);
    return answer.extract;
  }

  /**
   * What a page shows, `index` from 0.
   * @throws PdfError when drawing it was too much for the limits, or brought pdfium down
   */
  async drawPage(index: number): Promise<PageImage> {
    const answer = await this.#ask({ type: "image", index });
    if (answer.type !== "image") throw unexpected(answer);
    return answer.image;
  }

  async close(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#stop);
    this.#fail(new PdfError("aborted", "Reading the PDF was stopped."));
    await this.#worker.terminate();
  }

  async #ask(request: PdfThreadRequest, onPage?: Exchange["onPage"]): Promise<Answer> {
    if (this.#current) throw new Error("The PDF thread is asked for one thing at a time.");
    if (this.#fault) throw this.#fault;
    const { timeoutMs } = this.#options.limits;
    const timer = setTimeout(() => this.#fail(timedOut(timeoutMs)), timeoutMs);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#current = { resolve, reject, onPage };
        this.#worker.postMessage(request);
      });
    } finally {
      clearTimeout(timer);
      this.#current = null;
    }
  }

  #receive(message: PdfThreadMessage): void {
    if (message.type === "page") this.#current?.onPage?.(message.done, message.total);
    else if (message.type === "failed") this.#fail(new PdfError(message.kind, message.message));
    else this.#current?.resolve(message);
  }

  readonly #stop = () =>
    this.#fail(
      new PdfError("aborted", "Reading the PDF was stopped.", { cause: this.#options.signal?.reason }),
    );

  #fail(fault: Error): void {
    this.#fault ??= fault;
    this.#current?.reject(this.#fault);
  }
}

function unexpected({ type }: Answer): Error {
  return new Error(`The PDF thread answered with ${type}, which was not asked for.`);
}

function startWorker(bytes: Uint8Array, limits: PdfLimits): Worker {
  const moved = withMovableBuffer(bytes);
  const input: PdfThreadInput = {
    bytes: moved,
    maxPages: limits.maxPages,
    pdfiumMemoryBytes: pdfiumMemoryBytes(limits),
  };
  const { url, execArgv } = workerModule();
  const worker = new Worker(url, {
    name: "pdf",
    execArgv,
    workerData: input,
    transferList: moved.buffer instanceof ArrayBuffer ? [moved.buffer] : [],
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(limits.memoryMb / 2) },
    // pdfium prints about files that it does not like; what matters of that comes as an error.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}

// A view into a larger buffer (Node's pool) cannot be moved without taking its neighbours along.
function withMovableBuffer(bytes: Uint8Array): Uint8Array {
  const isShared = bytes.buffer instanceof SharedArrayBuffer;
  return isShared || bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/**
 * The thread's entry: a file beside this one in the built program. From source it is TypeScript, which a thread has
 * to load tsx for by itself: Node 20 does not carry `--import tsx` over to threads (tsx registers in the main thread
 * only), and an entry of type .ts is refused before any hook runs. So it starts from a line that registers tsx.
 */
function workerModule(): { url: URL; execArgv: string[] } {
  if (!import.meta.url.endsWith(".ts"))
    return { url: new URL("./pdf-worker.js", import.meta.url), execArgv: [] };
  const entry = new URL("./pdf-worker.ts", import.meta.url).href;
  const loader =
    'import { register } from "node:module";' +
    `register("tsx/esm", ${JSON.stringify(import.meta.url)}, { data: {} });` +
    `await import(${JSON.stringify(entry)});`;
  return {
    url: new URL(`data:text/javascript,${encodeURIComponent(loader)}`),
    execArgv: ["--conditions=workstream-source"],
  };
}

function timedOut(timeoutMs: number): PdfError {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new PdfError(
    "timeout",
    `Reading this PDF took longer than ${seconds} s. Split it, or raise the limit.`,
  );
}

function threadError(error: Error, memoryMb: number): Error {
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new PdfError("out_of_memory", `Reading this PDF needs more than ${memoryMb} MB. Split it.`, {
    cause: error,
  });
}
