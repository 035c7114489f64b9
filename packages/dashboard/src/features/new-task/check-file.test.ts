import { describe, expect, it } from "vitest";
import { checkFile } from "./check-file.ts";

const rules = { maxBytes: 2_000, mustBePdf: true };

describe("checkFile", () => {
  it.each([
    ["a PDF", "%PDF-1.7 …"],
    ["a PDF with bytes before its header", `${"\n".repeat(900)}%PDF-1.4`],
  ])("takes %s", async (_, text) => {
    expect(await checkFile(new Blob([text]), rules)).toBeNull();
  });

  it.each([
    ["an empty file", "", "empty"],
    ["a file that is too big", `%PDF-${"a".repeat(2_000)}`, "2.0 kB are allowed"],
    ["another file", "PK zip", "no PDF"],
    ["one whose header comes too late", `${"\n".repeat(1_100)}%PDF-1.4`, "no PDF"],
  ])("refuses %s", async (_, text, why) => {
    expect(await checkFile(new Blob([text]), rules)).toContain(why);
  });

  it("takes any file for a type that takes any", async () => {
    expect(await checkFile(new Blob(["PK zip"]), { maxBytes: null, mustBePdf: false })).toBeNull();
  });
});
