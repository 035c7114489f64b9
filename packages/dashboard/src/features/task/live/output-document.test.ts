// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { OutputDocument } from "./output-document.ts";

function stage() {
  const root = document.createElement("div");
  const written = new OutputDocument(root);
  return {
    root,
    append: (text: string) => written.write({ isReset: false, text }),
    reset: (text: string) => written.write({ isReset: true, text }),
    /** As it is read: a block ends its line. */
    text: () => Array.from(root.children, (block) => block.textContent).join("\n"),
  };
}

describe("OutputDocument", () => {
  it("appends to what is there", () => {
    const { append, text, root } = stage();
    append("Bees ");
    append("fly.\nFar.");
    expect(text()).toBe("Bees fly.\nFar.");
    expect(root.children).toHaveLength(1);
  });

  it("begins anew on a reset", () => {
    const { append, reset, text } = stage();
    append("old");
    reset("new");
    append("er");
    expect(text()).toBe("newer");
  });

  it("opens a block when one is full, at a line break, and loses no character", () => {
    const { append, text, root } = stage();
    const line = `${"word ".repeat(30)}\n`;
    for (let count = 0; count < 200; count++) append(line);
    expect(text().trimEnd()).toBe(line.repeat(200).trimEnd());
    expect(root.children.length).toBeGreaterThan(5);
    expect(root.children.length).toBeLessThan(12);
  });

  it("takes a long text at once", () => {
    const { reset, text, root } = stage();
    const whole = `${"a".repeat(5_000)}\n\n${"b".repeat(9_000)}`;
    reset(whole);
    expect(text()).toBe(whole);
    expect(root.children).toHaveLength(2);
  });
});
