import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarizeExtractively } from "./extractive-summary.ts";

const REPORT = `
Quarterly Report                                      4

1. Introduction ............................ 1
2. Results ................................. 4

# Results

The company grew its revenue by twelve per cent this year, mostly in the organi-
zation of events and in services for small firms. Growth was strongest in the
second half of the year, after the merger with a smaller firm had been completed.

The organization of the sales force was simplified. Wages and energy became more
expensive, so the costs of the company rose by nine per cent this year.

- Revenue per event
- Costs per event

The board expects the revenue of the company to grow by five per cent next year.

\`\`\`
const revenue = events.map((event) => event.revenue);
\`\`\`
`;

const oneParagraphEach = {
  ru: "Проект развивает свободную операционную систему для всех пользователей. Система работает на многих компьютерах. Разработчики проекта живут в разных странах мира и пишут программы для системы. Вчера шёл дождь.",
  el: "Το έργο αναπτύσσει ένα ελεύθερο λειτουργικό σύστημα για όλους. Το σύστημα λειτουργεί σε πολλούς υπολογιστές. Οι προγραμματιστές του έργου ζουν σε πολλές χώρες και γράφουν για το σύστημα.",
  ar: "يطور المشروع نظام تشغيل حر لجميع المستخدمين. يعمل النظام على أجهزة كثيرة في العالم. يعيش مطورو المشروع في بلدان كثيرة ويكتبون البرامج للنظام.",
  he: "הפרויקט מפתח מערכת הפעלה חופשית לכל המשתמשים. המערכת פועלת על מחשבים רבים בעולם. מפתחי הפרויקט חיים בארצות רבות וכותבים תוכנות למערכת.",
  hi: "यह परियोजना सभी के लिए एक मुक्त प्रचालन तंत्र बनाती है। यह तंत्र कई कंप्यूटरों पर चलता है। परियोजना के विकासक कई देशों में रहते हैं और तंत्र के लिए लिखते हैं।",
  th: "โครงการนี้พัฒนาระบบปฏิบัติการเสรีสำหรับผู้ใช้ทุกคน ระบบทำงานบนคอมพิวเตอร์หลายเครื่อง นักพัฒนาของโครงการอาศัยอยู่ในหลายประเทศ",
  zh: "该项目为所有用户开发自由的操作系统。这个系统可以在许多计算机上运行。项目的开发者生活在许多国家，并为系统编写软件。",
  ja: "このプロジェクトはすべての利用者のために自由なオペレーティングシステムを開発しています。システムは多くのコンピュータで動作します。開発者は多くの国に住んでいます。",
  ko: "이 프로젝트는 모든 사용자를 위한 자유 운영체제를 개발한다. 시스템은 많은 컴퓨터에서 동작한다. 프로젝트의 개발자들은 여러 나라에 살며 시스템을 위한 소프트웨어를 작성한다.",
};

const nouns = [
  "lake",
  "tower",
  "garden",
  "engine",
  "letter",
  "harbour",
  "mirror",
  "valley",
  "winter",
  "teacher",
];
const verbs = ["carries", "follows", "replaces", "describes", "surrounds", "protects"];
const noun = fc.constantFrom(...nouns);
const sentence = fc
  .tuple(noun, fc.constantFrom(...verbs), noun, fc.constantFrom("slowly", "often", "again", "by night"), noun)
  .map(([a, verb, b, how, c]) => `The old ${a} ${verb} the ${b} ${how} and leaves the ${c} alone.`);

const pick = (length: number, index: number): number => (index * 7919 + 13) % length;
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const words = [0, 1, 2].map(
      (offset) => nouns[pick(nouns.length, index + offset)]! + pick(997, index * 3 + offset),
    );
    return `Entry ${index} tells how the ${words[0]} met the ${words[1]} and then lost the ${words[2]}.`;
  });

describe("summarizeExtractively", () => {
  it("takes the statements of a report and leaves its contents, headings, lists and code", () => {
    const { summary, ...facts } = summarizeExtractively(REPORT, { maxSentences: 3 });
    expect(facts).toMatchObject({ language: "en", method: "extractive", sentencesUsed: 3 });
    expect(summary).toMatch(
      /^The company grew its revenue by twelve per cent this year, mostly in the organization of events/,
    );
    expect(summary).not.toMatch(/Introduction|\.\.\.|Results|const|Quarterly|\n/);
  });

  it("returns one sentence as it is", () => {
    expect(summarizeExtractively("  The meeting is on Monday.\n")).toEqual({
      summary: "The meeting is on Monday.",
      language: "en",
      method: "extractive",
      sentenceCount: 1,
      sentencesUsed: 1,
    });
  });

  it.each(Object.entries(oneParagraphEach))("summarizes %s in its own sentences", (language, text) => {
    const result = summarizeExtractively(text, { maxSentences: 2 });
    expect(result.language).toBe(language);
    expect(result.summary.length).toBeGreaterThan(10);
    expect(result.summary.length).toBeLessThanOrEqual(text.length);
    for (const part of result.summary.match(/[^.。।]+[.。।]?/g) ?? []) expect(text).toContain(part.trim());
  });

  it("prefers the sentences of the text's own language over passages left in English", () => {
    const english = "The project develops a free operating system for all of its users and developers.";
    const result = summarizeExtractively(`${english} ${oneParagraphEach.ru}`, { maxSentences: 1 });
    expect(result.summary).toMatch(/^Проект|^Разработчики/);
  });

  it("takes the language from the locale when there is one, and detects it when that is malformed", () => {
    const text = "The meeting is on Monday in the large room.";
    expect(summarizeExtractively(text, { locale: "de-AT" }).language).toBe("de");
    expect(summarizeExtractively(text, { locale: "not a locale" }).language).toBe("en");
  });

  it("says each thing once", () => {
    const repeated = "The lake freezes in the winter and the ferry stops for some weeks. ".repeat(400);
    const result = summarizeExtractively(repeated);
    expect(result).toMatchObject({ sentenceCount: 400, sentencesUsed: 1 });
    expect(result.summary).toBe("The lake freezes in the winter and the ferry stops for some weeks.");
  });

  it("does not take two sentences that differ in a word", () => {
    const text = `I upgraded my machine to the testing release of the system. I upgraded my machine to the unstable release
      of the system. The file holds the name of the release. Changes to the file need a restart of the machine.`;
    expect(summarizeExtractively(text, { maxSentences: 4 }).summary.match(/I upgraded/g)).toHaveLength(1);
  });

  it("grows with the text, up to seven sentences", () => {
    const used = [2, 20, 150, 2_500].map(
      (count) => summarizeExtractively(numbered(count).join(" ")).sentencesUsed,
    );
    expect(used).toEqual([1, 3, 5, 7]);
  });

  it("brings a number of sentences outside 1 to 100 within it", () => {
    const text = numbered(300).join(" ");
    expect(summarizeExtractively(text, { maxSentences: 0 }).sentencesUsed).toBe(1);
    expect(summarizeExtractively(text, { maxSentences: Number.NaN }).sentencesUsed).toBe(6);
    expect(summarizeExtractively(text, { maxSentences: 1e9 }).sentencesUsed).toBeLessThanOrEqual(100);
  });

  it("gives nothing for a text without words, unless it is short", () => {
    const nothing = { summary: "", language: "und", sentenceCount: 0, sentencesUsed: 0 };
    expect(summarizeExtractively("")).toMatchObject(nothing);
    expect(summarizeExtractively(" \n".repeat(10_000))).toMatchObject(nothing);
    expect(summarizeExtractively("?!. ".repeat(10_000))).toMatchObject(nothing);
    expect(summarizeExtractively(" 🎉🎉 ").summary).toBe("🎉🎉");
  });

  it("falls back on the lines of a text that is all contents or code", () => {
    const result = summarizeExtractively("1.1 Opening the lid ........ 3\n1.2 Closing the lid ........ 9\n");
    expect(result.sentenceCount).toBe(2);
    expect(result.summary).toMatch(/the lid/);
  });

  it("cuts a text without a full stop into pieces at spaces", () => {
    const text = Array.from({ length: 80_000 }, (_, index) => `w${pick(9_973, index)}`).join(" ");
    const { summary } = summarizeExtractively(text);
    expect(summary.length).toBeLessThan(2_000);
    expect(summary.split(" … ").filter((piece) => !` ${text} `.includes(` ${piece} `))).toEqual([]);
  });

  // Some 0.4 s on two slow cores; the bound only has to tell linear from quadratic, which took minutes.
  it.each([
    ["sentences", numbered(7_000).join(" ")],
    ["unbroken letters", "a".repeat(500_000)],
    ["unbroken ideographs", "中".repeat(500_000)],
    ["full stops", ". \n".repeat(170_000)],
    ["unclosed markup", "<!--**[a](<a ".repeat(40_000)],
    ["initials", "A. B. ".repeat(83_000)],
    ["one-letter lines", "a\n".repeat(250_000)],
  ])("reads 500 kB of %s in time", (_, text) => {
    const startedAt = performance.now();
    summarizeExtractively(text);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("returns sentences of the text, in order, whichever they are, and the same each time", () => {
    fc.assert(
      fc.property(fc.uniqueArray(sentence, { minLength: 1, maxLength: 60 }), (sentences) => {
        const text = sentences.join(" ");
        const result = summarizeExtractively(text);
        const chosen = result.summary.match(/The old [^.]*\./g) ?? [];
        expect(chosen.join(" ")).toBe(result.summary);
        expect(chosen).toHaveLength(result.sentencesUsed);
        const places = chosen.map((one) => sentences.indexOf(one));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(places[0]).toBeGreaterThanOrEqual(0);
        expect(summarizeExtractively(text)).toEqual(result);
      }),
      { numRuns: 60 },
    );
  });

  it("never throws, and never returns more than it was given", () => {
    const fragment = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "\n",
        "\n\n",
        "# ",
        "- ",
        "1. ",
        "....... 4",
        "> ",
        "```",
        "| a | b |",
        "\ud83c",
        "。",
        "A.",
        "-- \n",
        "<!--",
      ),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), fc.option(fc.integer()), (fragments, asked) => {
        const text = fragments.join("");
        const result = summarizeExtractively(text, asked === null ? {} : { maxSentences: asked });
        expect(result.sentencesUsed).toBeLessThanOrEqual(result.sentenceCount);
        expect(bareLength(result.summary)).toBeLessThanOrEqual(bareLength(text));
        expect(result.language).toMatch(/^([a-z]{2}|und)$/);
      }),
      { numRuns: 200 },
    );
  });
});

/** Without what joins sentences: white space and ellipses. */
function bareLength(text: string): number {
  return text.replaceAll(/[\s…]/g, "").length;
}
