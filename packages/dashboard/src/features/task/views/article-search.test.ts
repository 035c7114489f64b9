import { describe, expect, it } from "vitest";
import { cutAtMatches, findArticles } from "./article-search.ts";
import type { PdfPage } from "./built-in-results.ts";

const article = { title: "", subtitle: "", author: "", body: "", topics: [], summary: "" };

function page(number: number, ...titles: string[]): PdfPage {
  const articles = titles.map((title) => ({ ...article, title }));
  return { page_number: number, status: "processed", reason: "", articles };
}

describe("findArticles", () => {
  const pages = [page(1, "Café opens", "Rain"), page(2, "Election")];

  it("keeps everything while nothing is sought", () => {
    expect(findArticles(pages, "  ")).toEqual(pages);
  });

  it("keeps the articles that hold it, whatever its case and accents", () => {
    expect(findArticles(pages, "CAFE")).toEqual([page(1, "Café opens")]);
  });

  it("looks into topics and bodies", () => {
    const hidden = { ...page(3), articles: [{ ...article, topics: ["Sport"], body: "A long match" }] };
    expect(findArticles([hidden], "sport")).toHaveLength(1);
    expect(findArticles([hidden], "long m")).toHaveLength(1);
    expect(findArticles([hidden], "opera")).toEqual([]);
  });
});

describe("cutAtMatches", () => {
  it("cuts at every match and loses nothing", () => {
    const pieces = cutAtMatches("Rain, rain, go away", "rain");
    expect(pieces.map(({ text }) => text).join("")).toBe("Rain, rain, go away");
    expect(pieces.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(["Rain", "rain"]);
  });

  it.each(["", "snow"])("leaves a text without %j whole", (search) => {
    expect(cutAtMatches("Rain", search)).toEqual([{ text: "Rain", isMatch: false }]);
  });
});
