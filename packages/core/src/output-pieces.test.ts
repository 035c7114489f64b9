import { expect, it } from "vitest";
import { maxPieceLength, outputPieces } from "./output-pieces.ts";

it("leaves short entries as they are", () => {
  const entries = [
    { kind: "reset", text: "" },
    { kind: "output", text: "x".repeat(maxPieceLength) },
  ] as const;
  expect(outputPieces(entries)).toEqual(entries);
});

it.each([
  ["plain text", "abc".repeat(10_000)],
  ["pairs at every place", `x${"🙂".repeat(12_345)}`],
  ["halves of pairs", "\udc00".repeat(25_000)],
])("parts a long text without changing it: %s", (_, text) => {
  const pieces = outputPieces([{ kind: "reset", text }]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(pieces.map(({ kind }) => kind)).toEqual(["reset", ...pieces.slice(1).map(() => "output")]);
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) expect(piece.text.length).toBeLessThanOrEqual(maxPieceLength);
});

it("keeps the halves of a pair together", () => {
  const [first, second] = outputPieces([{ kind: "output", text: `x${"🙂".repeat(maxPieceLength / 2)}` }]);
  expect(first?.text.length).toBe(maxPieceLength - 1);
  expect(second?.text).toBe("🙂");
});
