/** What a user gets: the packed program installed in an empty folder, with task modules of their own elsewhere. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, until } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newspaperPdf } from "../packages/tasks/src/pdfxtract/pdf-fixture.ts";
import { call, task } from "./gateway.ts";
import { gatewayReady, Stage } from "./program.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

const shoutModule = `
import { defineTask } from "@workstream/worker";
import { z } from "zod";
export const shout = defineTask({
  type: "shout", description: "Shouts", input: z.object({ text: z.string() }), output: z.object({ loud: z.string() }),
  run: async ({ text }) => ({ loud: text.toUpperCase() }),
});`;

const countModule = `
import { defineTask } from "@workstream/worker";
import { z } from "zod";
type Counted = { words: number };
export const count = defineTask({
  type: "count", description: "Counts words", input: z.string(), output: z.object({ words: z.number() }),
  run: async (text: string): Promise<Counted> => ({ words: text.split(" ").length }),
});`;

it("runs from a packed install, with users' modules from anywhere", async () => {
  const folder = await stage.folder();
  const elsewhere = await stage.folder();
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{"name":"app","private":true}');
  writeFileSync(join(elsewhere, "shout.mjs"), shoutModule);
  writeFileSync(join(elsewhere, "count.ts"), countModule);
  const npm = (args: string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  const packed = npm(["pack", "--pack-destination", folder, "--ignore-scripts", "--silent"], root).trim();
  npm(["install", "--no-audit", "--no-fund", "--omit=dev", join(folder, packed)], app);

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = stage.start({
    file: join(app, "node_modules/workstream/dist/lib/cli.js"),
    args: ["up", "--tasks", join(elsewhere, "shout.mjs"), join(elsewhere, "count.ts")],
    env: { API_PORT: String(port), DATA_DIR: join(folder, "data") },
    cwd: app,
  });
  await gatewayReady(url, program);

  expect(JSON.parse(await resultOf(url, "shout", { input: { text: "hello" } }))).toEqual({ loud: "HELLO" });
  expect(JSON.parse(await resultOf(url, "count", { input: "one two three" }))).toEqual({ words: 3 });
  expect(await uploaded(url)).toBe("processed");
});

async function resultOf(url: string, type: string, body: unknown): Promise<string> {
  const created = await call<{ task_id: string }>(`${url}/api/v1/tasks/${type}`, "POST", body);
  expect(created.status).toBe(201);
  return result(url, created.body.task_id);
}

async function uploaded(url: string): Promise<string> {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(newspaperPdf())], { type: "application/pdf" }), "paper.pdf");
  const response = await fetch(`${url}/api/v1/tasks/pdfxtract`, { method: "POST", body: form });
  const { task_id } = (await response.json()) as { task_id: string };
  return JSON.parse(await result(url, task_id)).pages[0].status;
}

function result(url: string, id: string): Promise<string> {
  return until("its result", async () => (await task(url, id)).result, { timeoutMs: 20_000, everyMs: 50 });
}
