import { until } from "@workstream/testing";
import { expect, it } from "vitest";
import type { ChatRequest } from "../openrouter/chat-model.ts";
import { describeTasks, type TaskStage } from "../task-stage.fixture.ts";

const text =
  "The harbour council voted on Monday to buy a second ferry. It ends a dispute that has divided the island since " +
  "the spring. The vessel will carry forty cars and two hundred passengers. It enters service before summer.";
const german =
  "Der Hafenrat hat am Montag beschlossen, eine zweite Fähre zu kaufen. Damit endet ein Streit, der die Insel seit " +
  "dem Frühjahr gespalten hat. Das Schiff wird vierzig Autos und zweihundert Fahrgäste befördern können.";
const french =
  "Le conseil du port a décidé lundi d'acheter un second ferry. Cela met fin à une querelle qui divise l'île depuis " +
  "le printemps. Le navire transportera quarante voitures et deux cents passagers.";

const sentence = (index: number) =>
  `In chapter ${index} the council of the harbour town decides to buy ferry number ${index}. `;
/** About 500 kB. */
const book = Array.from({ length: 6_200 }, (_, index) => sentence(index))
  .join("")
  .trim();

const partOf = ({ system }: ChatRequest): number | null => {
  const part = /You are given part (\d+) of/.exec(system)?.[1];
  return part === undefined ? null : Number(part);
};

const partsAsked = ({ asked }: TaskStage) =>
  asked
    .map(partOf)
    .filter((part) => part !== null)
    .sort((one, other) => one - other);

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describeTasks("summaries by a model", (setStage) => {
  it("says what made it and what it cost, and streams it in order", async () => {
    const stage = await setStage();
    stage.fake.control({ pieceMs: 30 });
    const id = await stage.summarize(text);
    const early = await until("some of it, before the end", async () => {
      const said = await stage.output(id);
      return said.length > 0 && (await stage.stores.tasks.get(id))?.state === "ACTIVE" ? said : null;
    });
    const result = await stage.result(id);
    expect(result).toMatchObject({
      method: "model",
      model: "fake/one",
      language: "en",
      sentences_in: 4,
      parts: 1,
      is_truncated: false,
      fallback_reason: null,
    });
    expect(result.prompt_tokens).toBeGreaterThan(100);
    expect(result.completion_tokens).toBeGreaterThan(10);
    expect(result.cost).toBeGreaterThan(0);
    const said = await stage.output(id);
    expect(said.length).toBeGreaterThan(early.length);
    expect(said.map((entry) => entry.text).join("")).toBe(result.summary);
    expect(stage.asked[0]?.system).toContain("which seems to be English");
  });

  it("summarizes 500 kB in two levels, and after a fault asks only for what is missing", async () => {
    const stage = await setStage();
    const down = { fault: "provider-unavailable", prompt: "given part 2 of", next: 1 } as const;
    stage.fake.control({ rules: [down] });
    const id = await stage.summarize(book);
    const result = await stage.result(id);
    const total = result.parts as number;
    expect(total).toBeGreaterThan(4);
    expect(partsAsked(stage)).toEqual([...upTo(total), 2].sort((one, other) => one - other));
    expect(stage.asked.filter((request) => partOf(request) === null)).toHaveLength(1);
    const task = await stage.stores.tasks.get(id);
    const progress = JSON.parse(task?.progress ?? "null");
    expect([task?.retryCount, progress]).toEqual([1, { parts_done: total, parts_total: total }]);
    const billed = stage.fake.requests.filter(({ fault }) => fault === null).length;
    expect(billed).toBe(total + 1);
    const said = (await stage.output(id)).filter(({ kind }) => kind === "output");
    expect(said.map((entry) => entry.text).join("")).toBe(result.summary);
  });

  it("keeps the language of the text: asks once more when the answer is in another", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ answer: { text: french }, next: 1 }] });
    const id = await stage.summarize(german);
    const result = await stage.result(id);
    expect(result.language).toBe("de");
    expect(result.summary).toContain("Hafenrat");
    expect(stage.asked.map(({ system }) => /Your last answer was in (\w+)/.exec(system)?.[1])).toEqual([
      undefined,
      "French",
    ]);
    const said = await stage.output(id);
    const reset = said.findLastIndex(({ kind }) => kind === "reset");
    const after = said.slice(reset + 1).map((entry) => entry.text);
    expect(after.join("")).toBe(result.summary);
  });

  it("goes to the dead letters when a filter holds the answer back", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "content-filter" }] });
    const task = await stage.reaches(await stage.summarize(text), "DLQ");
    expect([task.errorType, stage.asked.length]).toEqual(["PermanentError", 1]);
    expect(task.lastError).toMatch(/^A content filter of fake\/one/);
  });

  it("ends in the error type of what went wrong", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "credits-exhausted" }] });
    const task = await stage.reaches(await stage.summarize(text), "DLQ");
    expect([task.errorType, task.retryCount, stage.asked.length]).toEqual(["InsufficientCredits", 3, 4]);
  });

  it("gives the same text the same summary again, when it may", async () => {
    const stage = await setStage({ cachesResults: true });
    const first = await stage.result(await stage.summarize(text));
    const second = await stage.result(await stage.summarize(` ${text}\n`));
    expect(second).toEqual(first);
    expect(stage.asked).toHaveLength(1);
  });
});

describeTasks("summaries when the service is out", (setStage) => {
  it("fall back when no retry is left, if they may, and say so", async () => {
    const stage = await setStage({ fallsBack: true, cachesResults: true });
    stage.fake.control({ rules: [{ fault: "overloaded", next: 4 }] });
    const id = await stage.summarize(text);
    const result = await stage.result(id);
    expect(result).toMatchObject({ method: "extractive", model: null, cost: null, parts: null });
    expect(result.fallback_reason).toMatch(/answered 503/);
    expect(stage.asked).toHaveLength(4);
    expect((await stage.output(id)).at(-1)?.text).toBe(result.summary);
    // What was made for want of something better is not kept.
    expect((await stage.result(await stage.summarize(text))).method).toBe("model");
  });

  it("fall back at once while the breaker is open, if they may", async () => {
    const stage = await setStage({ fallsBack: true });
    await stage.result(await stage.summarize(text));
    await stage.stores.guards.forceOpen("openrouter");
    const result = await stage.result(await stage.summarize(german));
    expect(result).toMatchObject({ method: "extractive", language: "de" });
    expect(result.fallback_reason).toBe("openrouter is not asked at present: its breaker is open.");
    expect(stage.asked).toHaveLength(1);
  });

  it("fall back when calls have opened the breaker, with no further call", async () => {
    const stage = await setStage({ fallsBack: true, breaker: { volumeThreshold: 2 } });
    stage.fake.control({ rules: [{ fault: "overloaded" }] });
    const first = await stage.result(await stage.summarize(text));
    const second = await stage.result(await stage.summarize(german));
    expect([first.method, second.method, stage.asked.length]).toEqual(["extractive", "extractive", 2]);
  });

  it("wait otherwise, with no attempt used up", async () => {
    const stage = await setStage();
    await stage.result(await stage.summarize(text));
    await stage.stores.guards.forceOpen("openrouter");
    const id = await stage.summarize(german);
    const parked = await stage.reaches(id, "SCHEDULED");
    expect([parked.retryCount, parked.lastError, stage.asked.length]).toEqual([0, null, 1]);
  });

  it("die otherwise, when no retry is left", async () => {
    const stage = await setStage();
    stage.fake.control({ rules: [{ fault: "overloaded" }] });
    const task = await stage.reaches(await stage.summarize(text), "DLQ");
    expect(task.errorType).toBe("ServiceUnavailable");
  });
});
