import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const usualPlaces = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A real Chromium: CHROMIUM_PATH, or the one that is installed. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? usualPlaces.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("No Chromium is installed: name one in CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
