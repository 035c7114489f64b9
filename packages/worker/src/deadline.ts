import { WorkstreamError } from "@workstream/core";

/**
 * The last defence against a promise that never settles (a half-open socket): adapters have deadlines of
 * their own.
 * @throws outcome_unknown after `timeoutMs`; what arrives later is dropped
 */
export function withDeadline<T>(call: Promise<T>, timeoutMs: number, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const details = { call: name, timeoutMs };
      reject(
        new WorkstreamError("outcome_unknown", `The store did not answer ${name} in time.`, { details }),
      );
    }, timeoutMs);
    call.then(
      (answer) => {
        clearTimeout(timer);
        resolve(answer);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

/** Whether `work` ended well within `timeoutMs`. Never throws; the work itself goes on. */
export async function endsWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  try {
    await withDeadline(work, timeoutMs, "the end of some work");
    return true;
  } catch {
    return false;
  }
}
