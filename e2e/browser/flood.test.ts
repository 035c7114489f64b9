/**
 * A thousand events a second arrive: the page answers all the while, and keeps nothing of them.
 *
 * FLOOD_SECONDS says how long; `FLOOD_SECONDS=600 npm test -- e2e/browser/flood` is the ten minutes of the documentation.
 */
import { isQuietMachine } from "@workstream/testing";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TestBrowser } from "./browser.ts";
import { DashboardStage } from "./dashboard-stage.ts";
import { EventFlood } from "./event-flood.ts";

const eventsPerSecond = 1_000;
const seconds = Number(process.env.FLOOD_SECONDS ?? 10);
const settledMs = 3_000;
const longestTaskMs = 50;
const grownBytes = 8_000_000;
/** Of the time, where other programs keep the machine busy: then any task of the page may take long. */
const longShare = 0.15;

let stage: DashboardStage;
let browser: TestBrowser;
let flood: EventFlood;

beforeAll(async () => {
  [stage, browser] = await Promise.all([DashboardStage.open("embedded"), TestBrowser.launch()]);
  flood = await EventFlood.open(stage.url, eventsPerSecond);
});
afterAll(() => Promise.all([flood?.close(), browser?.close(), stage?.close()]));

// A task of the page is long when the machine is busy elsewhere, too: a second try tells the two apart.
it.each(["/", "/tasks"])(
  "%s stays quick and small",
  { timeout: (seconds + 60) * 1_000, retry: 2 },
  async (path) => {
    const { page } = await browser.open(flood.url + path);
    await page.getByText("Live").first().waitFor();
    await page.waitForTimeout(settledMs);
    const heap = await page.context().newCDPSession(page);
    const before = await usedHeap(heap);
    const sentBefore = flood.sent;
    const longTasks = await longTasksDuring(page, seconds * 1_000);
    const arrived = (flood.sent - sentBefore) / seconds;
    const grown = (await usedHeap(heap)) - before;
    console.log(
      `${path}: ${arrived.toFixed(0)} events a second for ${seconds} s, ${longTasks.length} tasks over ${longestTaskMs} ms (${longTasks.map((ms) => ms.toFixed(0)).join(", ")}), heap ${(before / 1e6).toFixed(1)} MB ${grown < 0 ? "−" : "+"} ${(Math.abs(grown) / 1e6).toFixed(1)} MB`,
    );
    await page.context().close();
    expect(arrived).toBeGreaterThan(eventsPerSecond * 0.8);
    if (isQuietMachine()) expect(longTasks).toEqual([]);
    else expect(longTasks.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(seconds * 1_000 * longShare);
    expect(grown).toBeLessThan(grownBytes);
  },
);

function longTasksDuring(page: Page, ms: number): Promise<number[]> {
  return page.evaluate(
    (duration) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) found.push(entry.duration);
        });
        observer.observe({ type: "longtask" });
        setTimeout(() => {
          observer.disconnect();
          resolve(found);
        }, duration);
      }),
    ms,
  );
}

async function usedHeap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}
