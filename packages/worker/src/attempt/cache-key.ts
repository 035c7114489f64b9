import { createHash } from "node:crypto";
import { canonicalJson } from "@workstream/core";
import type { TaskDefinition } from "../definition/task-definition.ts";

/** What tells one result from another: the type, and what `cache.key` makes of the input or all of it. */
export function cacheKey({ type, cache }: TaskDefinition, input: unknown): string {
  const key = cache?.key ? String(cache.key(input)) : canonicalJson(input);
  return createHash("sha256")
    .update(JSON.stringify([type, key]))
    .digest("hex");
}
