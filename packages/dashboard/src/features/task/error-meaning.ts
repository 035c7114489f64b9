import type { TaskDetail } from "@workstream/core";

type ErrorType = NonNullable<TaskDetail["error_type"]>;
type Meaning = { means: string; isRetried: boolean };

/** What each error type says of an attempt, and whether such an attempt is made again unless its type has other rules. */
export const errorMeanings: Record<ErrorType, Meaning> = {
  InsufficientCredits: { means: "The service wants to be paid first.", isRetried: true },
  RateLimitError: { means: "The service was asked too often.", isRetried: true },
  ServiceUnavailable: { means: "The service was down or too busy.", isRetried: true },
  NetworkTimeout: { means: "No answer came in time.", isRetried: true },
  Default: { means: "The handler threw an error of no particular type.", isRetried: true },
  PermanentError: { means: "The same input would fail again.", isRetried: false },
  DependencyError: { means: "Something it depends on is missing.", isRetried: false },
  ValidationError: { means: "The input or the result does not fit its schema.", isRetried: false },
  WorkerLost: { means: "The worker stopped answering while it held this.", isRetried: true },
  Expired: { means: "It waited longer than it was allowed to.", isRetried: false },
};

/** Whether it is tried again, as a sentence. */
export function retrySentence(type: ErrorType): string {
  if (type === "WorkerLost") return "It is run again, but not after too many lost workers.";
  return errorMeanings[type].isRetried ? "It is retried while retries are left." : "It is not retried.";
}
