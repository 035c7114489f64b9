/** A gateway that wants keys, seen from the dashboard. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";

let stage: DashboardStage;
let browser: TestBrowser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    DashboardStage.open("embedded", { env: { API_KEYS: "an-operators-key,reader:a-readers-key" } }),
    TestBrowser.launch(),
  ]);
});
afterAll(() => Promise.all([browser?.close(), stage?.close()]));

it("asks for a key, says when it is a wrong one, and is live with a right one", async () => {
  const { page } = await browser.open(`${stage.url}/workers`);
  const dialog = page.getByRole("dialog", { name: "This gateway wants a key" });
  await dialog.getByLabel("Key").fill("a-guess");
  await page.keyboard.press("Enter");
  await dialog.getByText("The one that was sent is not one of them.").waitFor();
  await dialog.getByLabel("Key").fill("an-operators-key");
  await page.keyboard.press("Enter");
  await page.getByText("1 worker, all healthy").waitFor();
  await page.getByText("Live").first().waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});

it("shows a reader everything, and nothing to change it with", async () => {
  const { page } = await browser.open(`${stage.url}/dependencies`);
  await page.getByRole("dialog").getByLabel("Key").fill("a-readers-key");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "weather" }).waitFor();
  await page.getByText("Live").first().waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Force open" }).count()).toBe(0);
  expect(await page.getByRole("link", { name: "New task" }).count()).toBe(0);
});
