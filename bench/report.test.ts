import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Measured, toPage } from "./report.ts";
import { isMet, oursAtMost, ratioAtLeast, ratioAtMost, row } from "./scenario.ts";

const peer = { name: "peer", figures: [10, 10, 20] };

describe("a row", () => {
  it("holds each run against the peer's of the same run", () => {
    expect(row("what", "a second", { ours: [50, 40, 60], peer }).ratio).toEqual({
      ...{ median: 4, min: 3, max: 5, runs: [5, 4, 3] },
    });
  });

  it("is judged by the median of what its goal is about", () => {
    const measured = { ours: [50, 40, 60], peer };
    expect(isMet(row("", "", { ...measured, goal: ratioAtLeast(4) }))).toBe(true);
    expect(isMet(row("", "", { ...measured, goal: ratioAtLeast(4.1) }))).toBe(false);
    expect(isMet(row("", "", { ...measured, goal: ratioAtMost(3.9) }))).toBe(false);
    expect(isMet(row("", "", { ours: [50, 40, 60], goal: oursAtMost(50) }))).toBe(true);
    expect(isMet(row("", "", measured))).toBeNull();
  });

  it("is not met when nothing was measured", () => {
    expect(isMet(row("", "", { ours: [Number.NaN], peer, goal: ratioAtMost(2) }))).toBe(false);
  });
});

describe("the page of results", () => {
  it("has a table with the verdicts for every scenario", () => {
    const rows = [row("enqueue", "tasks/s", { ours: [50, 40, 60], peer, goal: ratioAtLeast(5) })];
    const scenario: Measured = {
      name: "add",
      describes: "It adds.",
      isDurable: true,
      clients: null,
      settings: "runs 3",
      rows,
    };
    const page = toPage({ machine: { cpu: "quick", node: "v20" }, scenarios: [scenario] });
    expect(page).toContain("Measured on: cpu quick · node v20.");
    expect(page).toContain("## add --aof\nIt adds. With an append-only file, synced every second. runs 3.");
    expect(page).toContain(
      "| enqueue | tasks/s | ratio ≥ 5 | 50 (40–60) | peer 10 (10–20) | 4 (3–5) | not met |",
    );
  });

  it("is what results.json says, with no figure put in by hand", () => {
    const [data, page] = ["./results.json", "./RESULTS.md"].map((name) => new URL(name, import.meta.url));
    if (!data || !page || !existsSync(data)) return expect(existsSync(page as URL)).toBe(false);
    expect(readFileSync(page, "utf8")).toBe(toPage(JSON.parse(readFileSync(data, "utf8"))));
  });
});
