/** Redis goes away and comes back while someone looks at the dashboard. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";

/** A page that has tried for long tries again within 15 s and what the gateway asked for. */
const comesBackWithin = { timeout: 40_000 };

let stage: DashboardStage;
let browser: TestBrowser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([DashboardStage.open("redis"), TestBrowser.launch()]);
});
afterAll(() => Promise.all([browser?.close(), stage?.close()]));

it("says that what it shows is old, and catches up without a reload when Redis is back", async () => {
  const { page } = await browser.open(`${stage.url}/workers`);
  const connection = page
    .getByRole("status")
    .filter({ hasText: /Live|Reconnecting|Not connected|Store away/ });
  await page.getByText("1 worker, all healthy").waitFor();
  await connection.filter({ hasText: "Live" }).waitFor();
  await page.evaluate(() => Object.assign(globalThis, { isTheSamePage: true }));

  await stage.server?.kill();
  await connection.filter({ hasText: "Store away" }).waitFor();
  await page
    .getByRole("alert")
    .getByText(/What stands here may be old/)
    .waitFor();
  await stage.server?.restart();

  await page.getByRole("alert").waitFor({ state: "detached", ...comesBackWithin });
  await page.getByText("1 worker, all healthy").waitFor();
  await connection.filter({ hasText: "Live" }).waitFor();
  const id = await stage.add("send-invoice", { to: "nobody" });
  await stage.taskIs(id, "DLQ");
  await page.getByRole("link", { name: /Dead letters\s*1/ }).waitFor();
  expect(await page.evaluate(() => "isTheSamePage" in globalThis)).toBe(true);
});

it("says that the gateway can't be reached, shows other screens all the same, and finds it again", async () => {
  const { page } = await browser.open(`${stage.url}/workers`);
  await page.getByText("1 worker, all healthy").waitFor();
  // The other screens are fetched once this one stands.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("settings-screen")),
  );
  await stage.stop();
  await page
    .getByRole("alert")
    .getByText(/The gateway can't be reached/)
    .waitFor();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await stage.start();
  await page.getByRole("alert").waitFor({ state: "detached", ...comesBackWithin });
  await page.getByText("Live").first().waitFor();
});
