import { expect, it } from "vitest";
import { buildPdf, type FixturePage, newspaperPdf } from "./pdf-fixture.ts";
import { setColumns } from "./pdf-fixture-columns.ts";
import { openPdfDocument } from "./pdfium-document.ts";
import { loadPdfium } from "./pdfium-module.ts";
import { readArticles } from "./read-articles.ts";

const memoryBytes = 100_000_000;
const prose =
  "The council met on Monday and decided on mat·ters of water, roads and schools with a large major·ity. " +
  "Many came to listen, and some of them spoke for longer than they had been asked to speak. ";

async function read(bytes: Uint8Array, issueDate?: string) {
  const document = openPdfDocument(await loadPdfium(memoryBytes), bytes);
  const extract = readArticles(document, {
    filename: "a.pdf",
    issueDate,
    summarize: () => "",
    onPage: () => {},
  });
  document.close();
  return extract;
}

async function articlesOf(page: FixturePage) {
  const { pages } = await read(buildPdf([page]));
  return pages[0]!.articles;
}

it("reads a newspaper: headlines over columns, decks, bylines, hyphens, a caption, no furniture", async () => {
  const { issue_date, pages } = await read(newspaperPdf());
  expect(issue_date).toBe("2024-03-12");
  expect(pages.map((page) => [page.page_number, page.status, page.reason])).toEqual([
    [1, "processed", ""],
    [2, "processed", ""],
  ]);
  const articles = pages.flatMap((page) => page.articles);
  expect(articles.map(({ title, subtitle, author }) => [title, subtitle, author])).toEqual([
    [
      "Council buys a second ferry after months of dispute",
      "The vessel is to enter service before summer, at a cost of nine million",
      "Anna Lindqvist",
    ],
    ["Library to stay open until nine", "", "Tomas Reyes"],
    ["Storm due on Thursday night", "", ""],
    ["Apple growers expect a record harvest", "", "Maria Olsen"],
  ]);
  const [ferry, , , apples] = articles;
  expect(ferry!.body.split("\n\n")).toHaveLength(4);
  expect(ferry!.body).toContain("the supermarket ran out of bread on the fourth.\n\nThe treasurer warned");
  expect(ferry!.body).toContain("A well-known shipyard on the mainland");
  expect(ferry!.body).not.toMatch(/\w- |Gazette/);
  expect(ferry!.topics).toContain("ferry");
  expect(apples!.body.endsWith("\n\nPickers in the Holm orchard last week.")).toBe(true);
});

it("takes the date that it is given", async () => {
  expect((await read(newspaperPdf(), "2020-01-02")).issue_date).toBe("2020-01-02");
});

it("reads columns without a headline as an article without a title", async () => {
  const texts = setColumns(prose.repeat(6), { x: 40, y: 60, width: 500, columns: 2, gap: 14, size: 10 });
  const [article, ...others] = await articlesOf({ texts });
  expect(others).toEqual([]);
  expect(article).toMatchObject({ title: "", author: "" });
  expect(article!.body).toBe(prose.replaceAll("·", "").repeat(6).trim());
});

it("gives columns beside a short headline to it, and not to the article below", async () => {
  const story = (y: number, word: string) => [
    { x: 40, y, size: 20, bold: true, text: `${word} news` },
    ...setColumns(`${word} begins. ${prose.repeat(4)}${word} ends.`, {
      x: 40,
      y: y + 25,
      width: 500,
      columns: 4,
      gap: 14,
      size: 9,
    }),
  ];
  const articles = await articlesOf({ texts: [...story(100, "Upper"), ...story(320, "Lower")] });
  expect(articles.map((article) => article.title)).toEqual(["Upper news", "Lower news"]);
  for (const word of ["Upper", "Lower"]) {
    const article = articles.find(({ title }) => title === `${word} news`)!;
    expect(article.body).toMatch(new RegExp(`^${word} begins\\..*${word} ends\\.$`));
  }
});

it("puts a drop cap back on its word", async () => {
  const lines = [
    "nce there was a harbour town in",
    "which nothing had been mended for",
    "a very long time, or so it was said",
    "by those who lived there.",
  ];
  const texts = lines.map((text, index) => ({ x: index < 2 ? 70 : 40, y: 100 + 12 * index, size: 10, text }));
  const [article] = await articlesOf({ texts: [{ x: 42, y: 112, size: 30, text: "O" }, ...texts] });
  expect(article!.body).toBe(`O${lines.join(" ")}`);
});

it("reads a page that is shown turned, and text that is turned on its page", async () => {
  const texts = setColumns(prose.repeat(2), { x: 40, y: 60, width: 400, columns: 1, gap: 0, size: 10 });
  const expected = prose.replaceAll("·", "").repeat(2).trim();
  const [shownUpright] = await articlesOf({ texts, rotate: 90 });
  expect(shownUpright!.body).toBe(expected);
  const [drawnTurned] = await articlesOf({ texts, operators: "0 1 -1 0 700 100 cm" });
  expect(drawnTurned!.body).toBe(expected);
});

it("drops running heads and page numbers", async () => {
  const page = (number: number): FixturePage => ({
    texts: [
      { x: 40, y: 30, size: 9, text: `Annual report ${number}` },
      ...setColumns(`Part ${number}. ${prose}`, { x: 40, y: 80, width: 400, columns: 1, gap: 0, size: 10 }),
      { x: 290, y: 810, size: 9, text: `${number}` },
    ],
  });
  const { pages } = await read(buildPdf([1, 2, 3].map(page)));
  for (const { page_number, articles } of pages) {
    expect(articles.map(({ body }) => body)).toEqual([
      `Part ${page_number}. ${prose.replaceAll("·", "").trim()}`,
    ]);
  }
});

it("keeps a crosshead of the body's size in the body", async () => {
  const box = { x: 40, width: 400, columns: 1, gap: 0, size: 10 };
  const texts = [
    { x: 40, y: 60, size: 22, bold: true, text: "A long report" },
    ...setColumns(prose, { ...box, y: 90 }),
    { x: 40, y: 170, size: 10, bold: true, text: "What came after" },
    ...setColumns(prose, { ...box, y: 184 }),
  ];
  const articles = await articlesOf({ texts });
  expect(articles).toHaveLength(1);
  expect(articles[0]!.body).toContain("\n\nWhat came after\n\n");
});

it("says why it skipped a page", async () => {
  const scan = { texts: [], images: [{ x: 0, y: 0, width: 595, height: 842 }] };
  const { pages } = await read(buildPdf([scan, { texts: [] }]));
  expect(pages).toEqual([
    { page_number: 1, status: "skipped", reason: "no text layer: scanned image?", articles: [] },
    { page_number: 2, status: "skipped", reason: "blank page", articles: [] },
  ]);
});
