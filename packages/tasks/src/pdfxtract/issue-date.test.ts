import { describe, expect, it } from "vitest";
import { findDate, findIssueDate, isDateLine } from "./issue-date.ts";

describe("findDate", () => {
  it.each([
    ["2024-03-12", "2024-03-12"],
    ["Tuesday, 12 March 2024", "2024-03-12"],
    ["March 12, 2024", "2024-03-12"],
    ["Mar. 12th, 2024", "2024-03-12"],
    ["Dienstag, 12. März 2024", "2024-03-12"],
    ["martes, 12 de marzo de 2024", "2024-03-12"],
    ["mardi 1er août 2023", "2023-08-01"],
    ["martedì 12 marzo 2024", "2024-03-12"],
    ["terça-feira, 12 de março de 2024", "2024-03-12"],
    ["12 марта 2024 г.", "2024-03-12"],
    ["2024年3月12日", "2024-03-12"],
    ["12.03.2024", "2024-03-12"],
    ["25/12/2023", "2023-12-25"],
    ["12/25/2023", "2023-12-25"],
  ])("reads %s", (text, date) => {
    expect(findDate(text)).toBe(date);
  });

  it.each(["03/04/2024", "31 February 2024", "12 Monday 2024", "Vol. 12, 2024", "call 555-2024-12"])(
    "gives nothing for %s",
    (text) => {
      expect(findDate(text)).toBeUndefined();
    },
  );
});

describe("findIssueDate", () => {
  const story = "He was born on 3 May 1961 in a village by the sea, and never left it for long.";

  const none = { margins: [], firstPageTop: [], elsewhere: [] };

  it("prefers the margin, then a dateline at the top, then a line of its own", () => {
    const bare = { ...none, elsewhere: [story, "14 March 2024"] };
    const dateline = { ...bare, firstPageTop: [story, "No. 7  Tuesday, 13 March 2024  Price 2.50"] };
    expect(findIssueDate({ ...dateline, margins: ["12 March 2024"] })).toBe("2024-03-12");
    expect(findIssueDate(dateline)).toBe("2024-03-13");
    expect(findIssueDate(bare)).toBe("2024-03-14");
  });

  it("does not take a story's or a reference's date for the issue's", () => {
    const reference = "[1] Manual, 14 January 2019. Online at example.org.";
    expect(findIssueDate({ ...none, firstPageTop: [story], elsewhere: [story, reference] })).toBe("unknown");
  });
});

it("knows a line that is only a date", () => {
  expect(isDateLine("Tuesday, 12 March 2024")).toBe(true);
  expect(isDateLine("The meeting on 12 March 2024 ended without a vote.")).toBe(false);
});
