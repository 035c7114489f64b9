/** A first visit: with nothing cached the overview says how things stand within a second. */
import { isQuietMachine } from "@workstream/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";

const usableMs = 1_000;
/** Virtual machines have slow hours, in which each step takes half as long again. */
const slowMs = 1_500;
/** Where other programs keep the machine busy. */
const busyMs = 8_000;

let stage: DashboardStage;
let browser: TestBrowser;

beforeAll(async () => {
  [stage, browser] = await Promise.all([DashboardStage.open("embedded"), TestBrowser.launch()]);
  await stage.taskIs(await stage.add("forecast", { city: "Bergen" }), "COMPLETED");
});
afterAll(() => Promise.all([browser?.close(), stage?.close()]));

it("is usable within a second, and on a slow machine in little more", { retry: 2 }, async () => {
  const { page } = await browser.open("about:blank");
  await page.goto(stage.url, { waitUntil: "commit" });
  // Looked for in each frame by the page itself, and told by its clock: the driver looks twice a second.
  const stands = await page.waitForFunction(
    () => {
      const says = (selector: string, words: RegExp) =>
        [...document.querySelectorAll(selector)].some(({ textContent }) => words.test(textContent ?? ""));
      const isThere = says("h1", /Idle|Keeping up|Draining|Steady|Growing/) && says("a", /Completed/);
      return isThere && performance.now();
    },
    null,
    { polling: "raf" },
  );
  const ms = Number(await stands.jsonValue());
  console.log(`the overview stood after ${ms.toFixed(0)} ms (${usableMs} are meant)`);
  await page.context().close();
  expect(ms).toBeLessThan(isQuietMachine() ? slowMs : busyMs);
});
