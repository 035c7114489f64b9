import { describe, expect, it } from "vitest";
import { RuleBook } from "./rule-book.ts";

const anyCall = () => true;

function faults(book: RuleBook, count: number, nowMs = 0): (string | null)[] {
  return Array.from({ length: count }, () => {
    const rule = book.take(anyCall, nowMs);
    return rule && "fault" in rule ? rule.fault : null;
  });
}

describe("RuleBook", () => {
  it("uses up rules for the next calls, in their order", () => {
    const book = new RuleBook();
    book.add(
      [
        { fault: "cut", next: 2 },
        { fault: "reset", next: 1 },
      ],
      0,
    );
    expect(faults(book, 4)).toEqual(["cut", "cut", "reset", null]);
  });

  it("spreads a share evenly", () => {
    const book = new RuleBook();
    book.add([{ fault: "cut", share: 0.25 }], 0);
    expect(faults(book, 8).filter((fault) => fault !== null)).toHaveLength(2);
    expect(faults(book, 1_000).filter((fault) => fault !== null)).toHaveLength(250);
  });

  it("gives what one rule leaves to the next", () => {
    const book = new RuleBook();
    book.add([{ fault: "cut", share: 0.5 }, { fault: "reset" }], 0);
    expect(faults(book, 4)).toEqual(["reset", "cut", "reset", "cut"]);
  });

  it("forgets a rule when its time is over, and all when cleared", () => {
    const book = new RuleBook();
    book.add([{ fault: "cut", forMs: 100 }, { fault: "reset" }], 1_000);
    expect(faults(book, 1, 1_099)).toEqual(["cut"]);
    expect(faults(book, 1, 1_100)).toEqual(["reset"]);
    book.clear();
    expect(faults(book, 1, 1_100)).toEqual([null]);
  });
});
