import { Worker } from "node:worker_threads";
import type { PdfThreadInput, PdfThreadMessage } from "./pdf-thread-protocol.ts";
import { PdfError } from "./pdfxtract/pdf-error.ts";
import type { PdfExtract } from "./pdfxtract/pdf-extract.ts";
import { type PdfLimits, pdfiumMemoryBytes } from "./pdfxtract/pdf-limits.ts";

export type PdfThreadOptions = {
  filename: string;
  issueDate?: string;
  limits: PdfLimits;
  signal?: AbortSignal;
  onPage?: (done: number, total: number) => void;
};

/** Reads one PDF in a thread that lives no longer than that. */
export async function runPdfThread(bytes: Uint8Array, options: PdfThreadOptions): Promise<PdfExtract> {
  const worker = startWorker(bytes, options);
  let timer: NodeJS.Timeout | undefined;
  let stop = () => {};
  try {
    return await new Promise<PdfExtract>((resolve, reject) => {
      timer = setTimeout(() => reject(timedOut(options.limits.timeoutMs)), options.limits.timeoutMs);
      stop = () => reject(aborted(options.signal));
      options.signal?.addEventListener("abort", stop, { once: true });
      worker.on("message", (message: PdfThreadMessage) => {
        if (message.type === "page") options.onPage?.(message.done, message.total);
        else if (message.type === "extract") resolve(message.extract);
        else reject(new PdfError(message.kind, message.message));
      });
      worker.once("error", (error) => reject(threadError(error, options.limits.memoryMb)));
      worker.once("exit", (code) =>
        reject(new Error(`The PDF thread ended with code ${code} and no answer.`)),
      );
    });
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

function startWorker(bytes: Uint8Array, { filename, issueDate, limits }: PdfThreadOptions): Worker {
  const moved = withOwnBuffer(bytes);
  const input: PdfThreadInput = {
    bytes: moved,
    filename,
    issueDate,
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
function withOwnBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
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

function aborted(signal: AbortSignal | undefined): PdfError {
  return new PdfError("aborted", "Reading the PDF was stopped.", { cause: signal?.reason });
}

function threadError(error: Error, memoryMb: number): Error {
  if (!("code" in error) || error.code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new PdfError("out_of_memory", `Reading this PDF needs more than ${memoryMb} MB. Split it.`, {
    cause: error,
  });
}
