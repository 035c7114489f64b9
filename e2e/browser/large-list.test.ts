/** A hundred thousand tasks: found, scrolled through and searched, with rows for what is in sight alone. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { call } from "../gateway.ts";
import { TestBrowser } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";

const total = 100_000;
const atOnce = 10_000;

let stage: DashboardStage;
let browser: TestBrowser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([DashboardStage.open("redis"), TestBrowser.launch()]);
  await call(`${stage.url}/api/v1/queues/import-table/pause`, "POST");
  for (let added = 0; added < total; added += atOnce) {
    const tasks = Array.from({ length: atOnce }, (_, index) => ({
      type: "import-table",
      input: { table: `table ${added + index}`, ms: 0 },
    }));
    await stage.addMany(tasks);
  }
}, 120_000);
afterAll(() => Promise.all([browser?.close(), stage?.close()]));

it("scrolls through all of it and jumps to any place", async () => {
  const { page, complaints } = await browser.open(`${stage.url}/tasks`);
  await page.getByText("of 100,000").waitFor();
  const grid = page.getByRole("grid", { name: "Tasks" });
  expect(Number(await grid.getAttribute("aria-rowcount"))).toBeGreaterThanOrEqual(total);

  await grid.hover();
  for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 1_500);
  await expect.poll(() => firstRow(page)).toBeGreaterThan(100);
  expect(await page.getByRole("row").count()).toBeLessThan(200);

  await page.getByLabel("Go to").fill("73,456");
  await page.keyboard.press("Enter");
  await expect.poll(() => firstRow(page)).toBeGreaterThan(73_000);
  await page.getByRole("button", { name: "Top" }).click();
  await expect.poll(() => firstRow(page)).toBe(1);
  expect(complaints).toEqual([]);
});

it("searches it with qualifiers, and says what is wrong with one", async () => {
  const { page } = await browser.open(`${stage.url}/tasks`);
  await page.getByText("of 100,000").waitFor();
  const search = page.getByRole("combobox", { name: "Search tasks" });
  await search.fill("status:COMPLETED");
  await page.keyboard.press("Enter");
  await page
    .getByText(/Nothing matches|0 of 0|No task/)
    .first()
    .waitFor();
  await search.fill("type:import-table");
  await page.keyboard.press("Enter");
  await page.getByText("of 100,000").waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("type:import-table");
  await search.fill("status:nonsense");
  await page.keyboard.press("Enter");
  await page.getByText("This search can't be run as it stands").waitFor();
});

async function firstRow(page: import("playwright-core").Page): Promise<number> {
  const text = await page.getByText(/[\d,]+–[\d,]+ of 100,000/).textContent();
  return Number(text?.split("–")[0]?.replaceAll(",", ""));
}
