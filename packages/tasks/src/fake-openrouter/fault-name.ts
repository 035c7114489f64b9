/** A fault's name → the status that people know it by, or null. */
export const faultStatuses = {
  "context-too-long": 400,
  "key-invalid": 401,
  "credits-exhausted": 402,
  "in-flight-budget": null,
  "request-too-expensive": null,
  moderation: 403,
  guardrail: null,
  "budget-spent": null,
  "model-missing": 404,
  "request-timeout": 408,
  "too-large": 413,
  unprocessable: 422,
  "rate-limit": 429,
  "server-error": 500,
  "provider-unavailable": 502,
  overloaded: 503,
  "gateway-timeout": 504,
  /** Every path answers 503 with a page that is no JSON, as a proxy in front of a dead server does. */
  down: null,
  /** The connection is reset before anything is answered. */
  reset: null,
  "slow-first-byte": null,
  "slow-drip": null,
  /** The connection breaks in the middle of the answer. */
  cut: null,
  /** A stream that ends in good order, too early. */
  "short-stream": null,
  "broken-json": null,
  "empty-answer": null,
  "content-filter": null,
  /** A 200 with `choices[0].error`. */
  "error-in-choice": null,
  /** A 200 with `error` and no choices. */
  "error-in-body": null,
  /** A piece of a stream with `error`, after some text. */
  "error-in-stream": null,
} as const satisfies Record<string, number | null>;

export type FaultName = keyof typeof faultStatuses;
export const faultNames = Object.keys(faultStatuses) as FaultName[];
