import { describe, expect, it } from "vitest";
import { attachment, safeFileName } from "./file-name.ts";

describe("safeFileName", () => {
  it.each([
    ["report.pdf", "report.pdf"],
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\Büro 1.pdf", "Büro 1.pdf"],
    ["a\u0000b\r\nc\u202etxt.pdf", "abctxt.pdf"],
    ["broken\ud800.pdf", "broken.pdf"],
    ["..", "upload"],
    ["dir/", "upload"],
    ["", "upload"],
  ])("%j becomes %j", (name, safe) => {
    expect(safeFileName(name, "upload")).toBe(safe);
  });

  it("keeps the extension of a long name", () => {
    const name = safeFileName(`${"x".repeat(400)}.pdf`, "upload");
    expect(name).toHaveLength(255);
    expect(name.endsWith("x.pdf")).toBe(true);
  });
});

describe("attachment", () => {
  it("offers every name in ASCII too, and lets none break out of the header", () => {
    expect(attachment('Büro "1"\\%.pdf')).toBe(
      `attachment; filename="B_ro _1___.pdf"; filename*=UTF-8''B%C3%BCro%20%221%22%5C%25.pdf`,
    );
  });
});
