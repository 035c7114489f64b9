/** `npm run screenshots [-- name…]`: every screen of the dashboard, in both themes, wide and narrow, into docs/images. */
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { loaded, TestBrowser, type Theme } from "./browser.ts";
import { Showcase, type ShownTasks } from "./showcase.ts";

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "docs/images");
const heights: Record<number, number> = { 1440: 980, 900: 1_000, 360: 780 };

type Shot = {
  name: string;
  path: (tasks: ShownTasks) => string;
  /** What must be there before the picture is taken. */
  sign: RegExp;
  widths?: readonly number[];
  prepare?: (page: Page) => Promise<void>;
};

const shots: readonly Shot[] = [
  { name: "overview", path: () => "/", sign: /Backpressure/, widths: [1440, 900, 360] },
  { name: "overview-lower", path: () => "/", sign: /Backpressure/, prepare: showTheEnd },
  { name: "tasks", path: () => "/tasks", sign: /import-catalog/, widths: [1440, 900, 360] },
  { name: "task-text", path: ({ text }) => `/tasks/${text}`, sign: /Elvering/ },
  { name: "task-pdf", path: ({ pdf }) => `/tasks/${pdf}`, sign: /second ferry/, prepare: drawPdf },
  { name: "task-failed", path: ({ failed }) => `/tasks/${failed}`, sign: /being migrated/ },
  { name: "task-live", path: ({ letter }) => `/tasks/${letter}`, sign: /thank you for writing/ },
  { name: "dead-letters", path: () => "/dead-letters", sign: /is no address/, prepare: openFirstGroup },
  { name: "dependencies", path: () => "/dependencies", sign: /Service weather/ },
  {
    name: "dependency",
    path: () => "/dependencies?service=openrouter",
    sign: /Tokens in/,
    prepare: (page) => page.getByText("Balance", { exact: true }).first().scrollIntoViewIfNeeded(),
  },
  { name: "workers", path: () => "/workers", sign: /lund-1/, prepare: openFirstWorker },
  { name: "new-task", path: () => "/new?type=summarize", sign: /in English/ },
  { name: "settings", path: () => "/settings", sign: /Time zone/ },
  { name: "palette", path: () => "/", sign: /Backpressure/, prepare: openPalette },
];
const themes: readonly Theme[] = ["light", "dark"];

async function openFirstGroup(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Show the newest" }).first().click();
}

async function openFirstWorker(page: Page): Promise<void> {
  await page.getByRole("button", { name: /bergen-1/ }).click();
  await page.getByText("import-catalog").first().waitFor();
}

async function showTheEnd(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Open OpenRouter" }).waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
}

/** The viewer tells nobody when it has drawn; where there is no room for it, it is not there. */
async function drawPdf(page: Page): Promise<void> {
  if ((await page.locator("iframe").count()) > 0) await page.waitForTimeout(3_000);
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").waitFor();
}

/** The charts' last point is that of the minute that runs: late in a minute it tells more. */
async function lateInMinute(): Promise<void> {
  const second = (Date.now() / 1_000) % 60;
  if (second < 30 || second > 54)
    await new Promise((resolve) => setTimeout(resolve, ((90 - second) % 60) * 1_000));
}

/** One screen that is not as it should be spoils no other one's picture. */
function report(name: string): (error: unknown) => void {
  return (error) => {
    process.exitCode = 1;
    process.stderr.write(`${name}: ${error}\n`);
  };
}

const wanted = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const showcase = await Showcase.open();
const browser = await TestBrowser.launch({ showsPdfs: true });
try {
  for (const shot of shots.filter(({ name }) => wanted.length === 0 || wanted.includes(name)))
    for (const width of shot.widths ?? [1440, 360])
      for (const theme of themes) await take(shot, width, theme).catch(report(shot.name));
} finally {
  await browser.close();
  await showcase.close();
}

async function take({ name, path, sign, prepare }: Shot, width: number, theme: Theme): Promise<void> {
  if (path(showcase.tasks) === "/") await lateInMinute();
  await showcase.history.writeMinutes(30);
  await showcase.history.writeSpent();
  const options = { theme, width, height: heights[width] ?? 900, timeZone: "UTC" };
  const { page, complaints } = await browser.open(showcase.url + path(showcase.tasks), options);
  await page.getByText(sign).first().waitFor();
  await loaded(page);
  await prepare?.(page);
  await loaded(page);
  const file = `${name}-${width}-${theme}.png`;
  await page.screenshot({ path: join(folder, file), animations: "disabled", caret: "hide" });
  await page.context().close();
  process.stdout.write(`${file}\n`);
  for (const complaint of complaints) process.stdout.write(`  ${complaint}\n`);
}
