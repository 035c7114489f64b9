import { expect, it } from "vitest";
import { estimateRequestTokens, estimateTokens } from "./estimate-tokens.ts";

it("counts by script", () => {
  expect(estimateTokens("")).toBe(0);
  expect(estimateTokens("abcd".repeat(100))).toBe(100);
  expect(estimateTokens("Мост закрыт")).toBe(6);
  expect(estimateTokens("桥已关闭")).toBe(4);
});

it("counts a request by its parts, with the whole answer", () => {
  const image = { kind: "image", mimeType: "image/png", bytes: new Uint8Array(3) } as const;
  const text = { kind: "text", text: "x".repeat(40) } as const;
  const plain = { system: "y".repeat(20), content: [text], maxTokens: 100 };
  expect(estimateRequestTokens(plain)).toBe(115);
  const withImage = estimateRequestTokens({ ...plain, content: [text, image] });
  expect(withImage - 115).toBeGreaterThan(1_000);
});
