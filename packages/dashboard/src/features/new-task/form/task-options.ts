import { formModel } from "./form-model.ts";

/** What may be said of any task beside its input, as a form. */
export const optionsModel = formModel({
  type: "object",
  properties: {
    priority: {
      enum: ["high", "normal", "low"],
      description: "Within its queue; normal unless told",
    },
    delay_seconds: {
      title: "Start in seconds",
      type: "number",
      description: "Or give a time, not both",
    },
    run_at: {
      title: "Start at",
      type: "string",
      format: "date-time",
      description: "A time in the past means now",
    },
    max_retries: {
      title: "Retries at most",
      type: "integer",
      minimum: 0,
      maximum: 100,
      description: "After the first attempt",
    },
    timeout_seconds: {
      title: "Timeout in seconds",
      type: "number",
      description: "Of one attempt",
    },
    expires_in_seconds: {
      title: "Expires after seconds",
      type: "number",
      description: "It is cancelled if it has not started so long after it was due",
    },
    idempotency_key: {
      type: "string",
      maxLength: 255,
      pattern: ".",
      description: "Sent again within 24 hours, it answers with the same task",
    },
    metadata: {
      description: "A JSON object of yours, kept with the task",
      additionalProperties: true,
      type: "object",
    },
  },
});
