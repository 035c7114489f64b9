import { expect, it } from "vitest";
import type { ChatRequest } from "../openrouter/chat-model.ts";
import { describeTasks, type TaskStage } from "../task-stage.fixture.ts";
import { buildPdf, type FixturePage } from "./pdf-fixture.ts";

const heading = (text: string) => ({ x: 50, y: 80, size: 24, bold: true, text });
const line = (text: string, row: number) => ({ x: 50, y: 120 + row * 12, size: 10, text });

function story(title: string): FixturePage {
  const sentences = [
    "The council voted on Monday.",
    "The town will have to pay.",
    "Nobody was surprised by it.",
  ];
  return { texts: [heading(title), ...sentences.map(line)] };
}

const picture: FixturePage = { texts: [], images: [{ x: 50, y: 80, width: 400, height: 500 }] };
const stories = (count: number) =>
  buildPdf(Array.from({ length: count }, (_, index) => story(`Story number ${index + 1}`)));

const article = {
  title: "A scan",
  subtitle: "",
  author: "",
  body: "Read it.",
  topics: ["scan"],
  summary: "",
};
const scanned = JSON.stringify({ issue_date: "2024-03-12", articles: [article] });

const pageOf = ({ system }: ChatRequest) => Number(/You are given page (\d+) of/.exec(system)?.[1]);
const pagesAsked = ({ asked }: TaskStage) => asked.map(pageOf).sort((one, other) => one - other);

type Page = {
  page_number: number;
  status: string;
  reason: string;
  articles: { title: string; body: string }[];
};
const pagesIn = (result: Record<string, unknown>) => result.pages as Page[];

describeTasks("PDFs by a vision model", (setStage) => {
  it("reads each page from its picture and its text, and says what that cost", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ answer: { text: scanned }, prompt: "page 1 of 3" }] });
    const id = await stage.extractPdf(buildPdf([picture, story("A ferry is bought"), { texts: [] }]));
    const result = await stage.result(id);
    expect(result).toMatchObject({
      filename: "gazette.pdf",
      issue_date: "2024-03-12",
      method: "model",
      model: "fake/one",
    });
    expect(result.prompt_tokens).toBeGreaterThan(2_000);
    expect(result.cost).toBeGreaterThan(0);
    expect(pagesIn(result)).toMatchObject([
      { page_number: 1, status: "processed", reason: "", articles: [article] },
      { page_number: 2, status: "processed", articles: [{ title: "A ferry is bought" }] },
      { page_number: 3, status: "skipped", reason: "blank page", articles: [] },
    ]);
    const kinds = stage.asked.map(({ content }) => content.map(({ kind }) => kind));
    expect([pagesAsked(stage), kinds.map(({ length }) => length).sort()]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(stage.asked.every(({ content }) => content.at(-1)?.kind === "image")).toBe(true);
    const task = await stage.stores.tasks.get(id);
    expect(JSON.parse(task?.progress ?? "null")).toEqual({ pages_done: 3, pages_total: 3 });
  });

  it("skips a page whose answer is broken twice, and the others stand", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ answer: { text: '{"articles": [' }, prompt: "page 2 of 3" }] });
    const result = await stage.result(await stage.extractPdf(stories(3)));
    expect(pagesAsked(stage)).toEqual([1, 2, 2, 3]);
    expect(pagesIn(result).map(({ status, reason }) => [status, reason])).toEqual([
      ["processed", ""],
      ["skipped", "the model's answer was invalid twice: it is not JSON"],
      ["processed", ""],
    ]);
  });

  it("skips a page that is refused, and no other", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "moderation", prompt: "page 1 of 2" }] });
    const result = await stage.result(await stage.extractPdf(stories(2)));
    expect(pagesIn(result).map(({ status }) => status)).toEqual(["skipped", "processed"]);
    expect(pagesIn(result)[0]?.reason).toMatch(/answered 403/);
  });

  it("fails when the service is down, and the retry asks only for the missing pages", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "overloaded", prompt: "page 3 of 6", next: 1 }] });
    const id = await stage.extractPdf(stories(6));
    const result = await stage.result(id);
    expect(pagesIn(result).map(({ status }) => status)).toEqual(Array(6).fill("processed"));
    expect(pagesAsked(stage)).toEqual([1, 2, 3, 3, 4, 5, 6]);
    expect((await stage.stores.tasks.get(id))?.retryCount).toBe(1);
    const billed = stage.fake.requests.filter(({ fault }) => fault === null).length;
    expect(billed).toBe(6);
  });

  it("skips a page that fails in every attempt, and the others stand", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "provider-unavailable", prompt: "page 2 of 3" }] });
    const id = await stage.extractPdf(stories(3));
    const result = await stage.result(id);
    expect(pagesIn(result).map(({ status }) => status)).toEqual(["processed", "skipped", "processed"]);
    expect(pagesIn(result)[1]?.reason).toMatch(/answered 502/);
    expect(pagesAsked(stage)).toEqual([1, 2, 2, 2, 2, 3]);
    expect((await stage.stores.tasks.get(id))?.retryCount).toBe(3);
  });

  it("dies when no page could be read", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "overloaded" }] });
    const task = await stage.reaches(await stage.extractPdf(stories(2)), "DLQ");
    expect(task.errorType).toBe("ServiceUnavailable");
  });

  it("parks when the breaker opens in the middle, and goes on where it was", async () => {
    const stage = await setStage({ breaker: { openMs: 500 } });
    stage.fake.control({ latencyMs: 400 });
    const id = await stage.extractPdf(stories(6));
    await stage.fake.arrived(4);
    await stage.stores.guards.forceOpen("openrouter");
    const parked = await stage.reaches(id, "SCHEDULED");
    expect([parked.retryCount, parked.lastError]).toEqual([0, null]);
    expect(pagesAsked(stage)).toEqual([1, 2, 3, 4]);
    await stage.stores.guards.reset("openrouter");
    await stage.result(id);
    expect(pagesAsked(stage)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("takes the date that it is given, before any that is printed or read", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ answer: { text: scanned } }] });
    const given = await stage.result(await stage.extractPdf(stories(1), { issue_date: "2020-01-31" }));
    const printed = buildPdf([
      { texts: [{ x: 50, y: 40, size: 9, text: "Tuesday, 2 April 2019" }, ...story("One").texts] },
    ]);
    const read = await stage.result(await stage.extractPdf(printed));
    expect([given.issue_date, read.issue_date]).toEqual(["2020-01-31", "2019-04-02"]);
  });

  it("goes to the dead letters for what is no PDF, without a call", async () => {
    const stage = await setStage();
    const task = await stage.reaches(await stage.extractPdf(Buffer.from("no PDF at all")), "DLQ");
    expect([task.errorType, stage.asked.length]).toEqual(["PermanentError", 0]);
  });

  it("reads the text layer alone without a key", async () => {
    const stage = await setStage({ chat: null, service: null });
    const result = await stage.result(
      await stage.extractPdf(buildPdf([story("A ferry is bought"), picture])),
    );
    expect(result).toMatchObject({ method: "text_layer", model: null, cost: null });
    expect(pagesIn(result)).toMatchObject([
      { status: "processed", articles: [{ title: "A ferry is bought" }] },
      { status: "skipped", reason: "no text layer: scanned image?" },
    ]);
    expect(stage.asked).toEqual([]);
  });
});
