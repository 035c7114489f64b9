/** Files: a multipart request, and how far it got. */
import type { CreatedTask, SummarizeRequest } from "@workstream/core";
import type { ClientError } from "./client-error.ts";
import { problemAnswer } from "./problem-answer.ts";
import { path } from "./query-text.ts";
import {
  type ApiRequest,
  abortedError,
  parseAnswer,
  type RequestOptions,
  type Transport,
  timeoutError,
  unreachableError,
} from "./transport.ts";

export type TaskOptions = Omit<SummarizeRequest, "content">;

export type UploadRequest = TaskOptions & {
  file: Blob;
  /** The file's own name unless told. */
  filename?: string | undefined;
  /** ISO date. */
  issueDate?: string | null | undefined;
};

export type UploadProgress = { sentBytes: number; totalBytes: number };

export type UploadOptions = RequestOptions & {
  /** As the bytes leave, in browsers; elsewhere at the beginning and at the end, for fetch tells no more. */
  onProgress?: ((progress: UploadProgress) => void) | undefined;
};

export async function uploadTask(
  transport: Transport,
  type: string,
  { body, options }: { body: UploadRequest; options: UploadOptions },
): Promise<CreatedTask> {
  const request = { method: "POST", path: path`/api/v1/tasks/${type}`, body: toForm(body) } as const;
  const { onProgress } = options;
  if (onProgress === undefined) return transport.upload(request, options);
  if ("XMLHttpRequest" in globalThis && !transport.hasOwnFetch) return sendTold(transport, request, options);
  const totalBytes = body.file.size;
  onProgress({ sentBytes: 0, totalBytes });
  const created = await transport.upload<CreatedTask>(request, options);
  onProgress({ sentBytes: totalBytes, totalBytes });
  return created;
}

/** The fields stand before the file, so that the gateway knows them when the bytes come. */
function toForm({ file, filename, issueDate, ...options }: UploadRequest): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ issue_date: issueDate, ...options })) {
    if (value === undefined || value === null) continue;
    form.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  form.append("file", file, filename ?? (file instanceof File ? file.name : "upload"));
  return form;
}

/** By XMLHttpRequest, which alone tells how much of a body has left. */
function sendTold(
  transport: Transport,
  request: ApiRequest & { body: FormData },
  { signal, onProgress }: UploadOptions,
): Promise<CreatedTask> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortedError());
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const settle = (read: () => CreatedTask) => {
      signal?.removeEventListener("abort", abort);
      try {
        resolve(read());
      } catch (error) {
        reject(error);
      }
    };
    const fail = (error: () => ClientError) => () =>
      settle(() => {
        throw error();
      });
    signal?.addEventListener("abort", abort);
    xhr.upload.onprogress = ({ loaded, total }) => onProgress?.({ sentBytes: loaded, totalBytes: total });
    xhr.onload = () => settle(() => readAnswer(xhr));
    xhr.onerror = fail(unreachableError);
    xhr.ontimeout = fail(timeoutError);
    xhr.onabort = fail(abortedError);
    xhr.open("POST", transport.url(request));
    xhr.timeout = transport.transferTimeoutMs;
    for (const [name, value] of Object.entries(transport.headers(request))) xhr.setRequestHeader(name, value);
    xhr.send(request.body);
  });
}

/** @throws ClientError */
function readAnswer(xhr: XMLHttpRequest): CreatedTask {
  const { status, responseText: body } = xhr;
  if (status >= 200 && status < 300) return parseAnswer(status, body);
  throw problemAnswer({ status, header: (name) => xhr.getResponseHeader(name), body });
}
