import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { redisKeysDocument } from "./redis-keys-doc.ts";

it("docs/redis-keys.md says what a real Redis holds (else: npm run docs)", async () => {
  const file = new URL("../../docs/redis-keys.md", import.meta.url);
  expect(readFileSync(file, "utf8")).toBe(await redisKeysDocument());
}, 120_000);
