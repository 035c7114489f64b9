/**
 * Every screen in both themes, wide and narrow: axe finds nothing, nothing sticks out, nothing complains.
 *
 * Each theme and each width once; `EVERY_VIEW=1 npm test -- e2e/browser/accessibility` pairs them all.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, loaded, sidewaysOverflow, TestBrowser, type Theme } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;
let browser: TestBrowser;
let taskId: string;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    DashboardStage.open("embedded", { hasModel: true }),
    TestBrowser.launch(),
  ]);
  await stage.addMany([
    ...["Ada", "c@example.org"].map((to) => ({ type: "send-invoice", input: { to } })),
    ...["Bergen", "Oslo"].map((city) => ({ type: "forecast", input: { city } })),
    { type: "import-table", input: { table: "orders", ms: 120_000 } },
  ]);
  taskId = await stage.add("write-letter", { to: "Ada" });
  await stage.taskIs(taskId, "COMPLETED");
});
afterAll(() => Promise.all([browser?.close(), stage?.close()]));

const screens: readonly [name: string, path: () => string, sign: RegExp][] = [
  ["overview", () => "/", /Lifecycle/],
  ["tasks", () => "/tasks", /write-letter/],
  ["task", () => `/tasks/${taskId}`, /write-letter/],
  ["new task", () => "/new?type=summarize", /in English/],
  ["dead letters", () => "/dead-letters", /is no address/],
  ["dependencies", () => "/dependencies?service=weather", /Calls by day|Tokens in/],
  ["workers", () => "/workers", /Healthy/],
  ["settings", () => "/settings", /Time zone/],
  ["a page that is none", () => "/nowhere", /There is no such page/],
];
const views: readonly { theme: Theme; width: number }[] = [
  { theme: "light", width: 1440 },
  { theme: "dark", width: 360 },
  ...(process.env.EVERY_VIEW
    ? ([
        { theme: "dark", width: 1440 },
        { theme: "light", width: 360 },
      ] as const)
    : []),
];

describe.each(views)("in the $theme theme, $width px wide", ({ theme, width }) => {
  it.each(screens)("%s is accessible", async (_, path, sign) => {
    const { page, complaints } = await browser.open(stage.url + path(), { theme, width });
    await page.getByText(sign).first().waitFor();
    await loaded(page);
    expect(await axeFindings(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

it("has a palette, a sheet of shortcuts and dialogs that axe finds nothing in", async () => {
  const { page } = await browser.open(`${stage.url}/workers`);
  await page.getByText("Healthy", { exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.type("dead");
  await page.keyboard.press("Enter");
  await page.waitForURL(/dead-letters/);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL(/dependencies/);
  await page.getByRole("button", { name: "Force open" }).first().click();
  await page.getByRole("alertdialog").waitFor();
  expect(await axeFindings(page)).toEqual([]);
});
