/** What the fake can be told, the same by program and by `POST /control`. */
import { z } from "zod";
import { faultNames } from "./fault-name.ts";
import { parseFaultSpec } from "./fault-spec.ts";

const scope = {
  /** It holds for so many calls that it fits, and is gone. Absent: until cleared. */
  next: z.int().min(1).optional(),
  /** It holds for this share of them, evenly spread: 0.25 is every fourth. */
  share: z.number().gt(0).max(1).optional(),
  /** It holds for so long from now. */
  forMs: z.number().min(1).optional(),
  /** For calls of this model alone. */
  model: z.string().optional(),
  /** For calls whose prompt holds these words alone. */
  prompt: z.string().min(1).optional(),
  /** Which calls: to the model, about the account (/key, /credits), or all. Default: `chat`; `all` for down and key-invalid. */
  on: z.enum(["chat", "account", "all"]).optional(),
};

const faultRule = z.strictObject({
  fault: z.enum(faultNames, { error: ({ input }) => `there is no fault ${JSON.stringify(input)}` }),
  ...scope,
  retryAfterSeconds: z.number().min(0).optional(),
  /** X-RateLimit-Limit, with X-RateLimit-Reset `resetInMs` from now (60,000 unless told). */
  rateLimit: z.int().min(1).optional(),
  resetInMs: z.number().min(0).optional(),
  /** `resets_at` of a spent budget. */
  resetsInSeconds: z.number().optional(),
  /** Before the first byte, or between two bytes of a drip. */
  delayMs: z.number().min(0).optional(),
  /** Pieces of a stream that are sent before it fails; 2 unless told. */
  afterPieces: z.int().min(0).optional(),
  /** Of an error inside an answer; 502 unless told. */
  code: z.int().optional(),
  errorType: z.string().optional(),
  availability: z
    .strictObject({ retryable: z.boolean().optional(), retry_after: z.number().optional() })
    .optional(),
  message: z.string().optional(),
  /** The message quotes the key that was sent. */
  echoesKey: z.boolean().optional(),
});
export type FaultRule = z.output<typeof faultRule>;

const answerRule = z.strictObject({
  /** Said instead of what would be made of the prompt. */
  answer: z.strictObject({ text: z.string(), finishReason: z.string().default("stop") }),
  ...scope,
});
export type AnswerRule = z.output<typeof answerRule>;

export type Rule = FaultRule | AnswerRule;

export const controlSchema = z.strictObject({
  /** Forgets all rules, before those of the same request are added. */
  clear: z.boolean().optional(),
  /** The first one that fits a call decides about it. */
  rules: z.array(z.union([faultRule, answerRule])).optional(),
  /** Further rules, as one types them: `429,retry-after=5,next=3`. */
  fail: z.array(z.string().transform(parseFaultSpec).pipe(faultRule)).optional(),
  /** Before the first byte of every answer. */
  latencyMs: z.number().min(0).optional(),
  /** Between two pieces of a stream. */
  pieceMs: z.number().min(0).optional(),
  /** Left of the key's credit limit; null: it has none. At 0 or below every call is refused. */
  balance: z.number().nullable().optional(),
  /** Spent so far, today and this month. */
  usage: z.number().min(0).optional(),
  /** False: answers come without `usage`, as from some other servers. */
  tellsUsage: z.boolean().optional(),
  /** True: any key but `test-key` gets 401. */
  checksKey: z.boolean().optional(),
  /** Watches the calls: a bucket of `requests` that is refilled in `intervalMs`. `enforces`: what exceeds it gets 429. */
  limit: z
    .strictObject({
      requests: z.int().min(1),
      intervalMs: z.number().min(1),
      enforces: z.boolean().default(false),
    })
    .nullable()
    .optional(),
});
export type Control = z.input<typeof controlSchema>;
export type ParsedControl = z.output<typeof controlSchema>;
