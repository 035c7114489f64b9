import { describe, expect, it } from "vitest";
import { DemoBoard } from "./demo-board.ts";
import { chosenLanguages } from "./demo-tasks.ts";
import { demoLanguages, demoTexts } from "./demo-texts.ts";

describe("DemoBoard", () => {
  it("counts, keeps news that came before its task, and ignores late news", () => {
    const seen: string[] = [];
    const board = new DemoBoard(({ id, state }) => seen.push(`${id} ${state}`));
    board.see("b", "ACTIVE");
    board.add({ id: "a", label: "" });
    board.add({ id: "b", label: "" });
    board.see("b", "COMPLETED");
    board.see("b", "ACTIVE");
    board.see("a", "PENDING");
    expect(seen).toEqual(["a PENDING", "b ACTIVE", "b COMPLETED"]);
    expect(board.counts()).toBe("1 PENDING · 1 COMPLETED");
    expect(board.unfinished.map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("the demo's texts", () => {
  it("are a paragraph or more, in many languages and scripts", () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
    const sentences = demoTexts.map(({ text }) => [...segmenter.segment(text)].length);
    expect(Math.min(...sentences)).toBeGreaterThanOrEqual(6);
    expect(demoLanguages[0]).toBe("en");
    expect(demoLanguages.length).toBeGreaterThanOrEqual(8);
  });

  it("are chosen by language", () => {
    expect(chosenLanguages(undefined)).toEqual(["en"]);
    expect(chosenLanguages(true)).toEqual(demoLanguages);
    expect(chosenLanguages("ja, ru")).toEqual(["ja", "ru"]);
    expect(() => chosenLanguages("xx")).toThrow("There are no texts in xx");
  });
});
