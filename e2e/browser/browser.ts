/** A real Chromium, and pages that tell what went wrong in them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const viewerStoppers = ["--disable-extensions", "--disable-component-extensions-with-background-pages"];
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export type Theme = "light" | "dark";
export type PageOptions = { theme?: Theme; width?: number; height?: number; timeZone?: string };

/** A page with everything that its console and its scripts complained about. */
export type WatchedPage = { page: Page; complaints: string[] };

export class TestBrowser {
  readonly #browser: Browser;

  /** `showsPdfs`: with Chromium's own viewer, which is an extension. */
  static async launch({ showsPdfs = false } = {}): Promise<TestBrowser> {
    const ignoreDefaultArgs = showsPdfs ? viewerStoppers : [];
    return new TestBrowser(await chromium.launch({ executablePath, args, ignoreDefaultArgs }));
  }

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  async open(
    url: string,
    { theme = "light", width = 1440, height = 900, timeZone }: PageOptions = {},
  ): Promise<WatchedPage> {
    const options: BrowserContextOptions = {
      colorScheme: theme,
      viewport: { width, height },
      reducedMotion: "reduce",
      ...(timeZone !== undefined && { timezoneId: timeZone }),
    };
    const context = await this.#browser.newContext(options);
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(url);
    return { page, complaints };
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

/** What axe finds on the page as it stands, a line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary}`),
  );
}

/** How far the page can be scrolled sideways: 0 where everything fits. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Nothing is on its way any more; the event stream never ends, so the network is no sign of it. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector(".animate-pulse.bg-raised") === null);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
