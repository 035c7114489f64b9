import type { NewTask } from "@workstream/core";
import type { ApiContext } from "./api-context.ts";
import type { TaskRequest } from "./task-request.ts";

/** @param id from the store's `mintId` */
export function newTask(context: ApiContext, id: string, request: TaskRequest): NewTask {
  const { info, options, contentKind, content, idempotency } = request;
  return {
    id,
    type: info.type,
    queue: options.queue ?? info.queue,
    priority: options.priority ?? "normal",
    contentKind,
    content,
    metadata: JSON.stringify(options.metadata ?? {}),
    maxRetries: options.max_retries ?? info.maxRetries ?? context.settings.defaultMaxRetries,
    timeoutMs: toMs(options.timeout_seconds) ?? info.timeoutMs,
    delayMs: toMs(options.delay_seconds) ?? 0,
    runAt: options.run_at ?? null,
    expiresInMs: toMs(options.expires_in_seconds),
    idempotency,
  };
}

function toMs(seconds: number | null | undefined): number | null {
  return seconds == null ? null : Math.max(seconds === 0 ? 0 : 1, Math.round(seconds * 1000));
}
