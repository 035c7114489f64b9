/** Idempotency keys: where a request carries its key, and what makes two bodies the same. */
import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { canonicalJson, idempotencyKeySchema, type NewTask, type TaskOptions } from "@workstream/core";
import { z } from "zod";
import { invalidInput } from "./input-validator.ts";

export type Idempotency = NewTask["idempotency"];

/** Documents the header; the others pass. */
export const idempotencyHeaderSchema = z.looseObject({
  "idempotency-key": z.string().optional().describe("The same as the field idempotency_key"),
});

/**
 * The key of a request, from its header or its body; null for none.
 * @throws invalid_input when both are there and differ
 */
export function idempotencyKey(
  headers: IncomingHttpHeaders,
  field: string | null | undefined,
): string | null {
  const header = headers["idempotency-key"];
  if (header === undefined) return field ?? null;
  const fault = (detail: string) => invalidInput([{ pointer: "/idempotency_key", detail }]);
  if (typeof header !== "string" || !idempotencyKeySchema.safeParse(header).success) {
    throw fault("The Idempotency-Key header must have 1 to 255 characters.");
  }
  if (field != null && field !== header) throw fault("It differs from the Idempotency-Key header.");
  return header;
}

/** The key as the store remembers it. It is no part of the body: it may come in the header now and in the body later. */
export function toIdempotency(
  key: string | null,
  body: Record<string, unknown>,
  { idempotency_key: _, ...options }: TaskOptions,
): Idempotency {
  return key === null ? null : { key, fingerprint: fingerprint({ ...body, options }) };
}

/** Equal for equal values, whatever the order of their fields. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
