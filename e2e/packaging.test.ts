/** What a user gets: the packed program installed in an empty folder, with task modules of their own elsewhere. */
import { execFileSync, spawnSync } from "node:child_process";
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

const typedModule = (loud: string) => `
import { createClient } from "workstream/client";
import type { Task } from "workstream/core";
import { defineService, defineTask, permanent } from "workstream/worker";
import { z } from "zod";
const bell = defineService({ name: "bell", limit: "10/1s" });
export const shout = defineTask({
  type: "shout", input: z.object({ text: z.string() }), output: z.object({ loud: z.string() }), services: [bell],
  async run({ text }, ctx) {
    if (text === "") throw permanent("Nothing to shout.");
    ctx.progress({ id: ctx.id });
    return { loud: ${loud} };
  },
});
export const stateOf = ({ state }: Task): string => state;
export const added = await createClient({ baseUrl: "http://127.0.0.1:1" }).tasks.summarize({ content: "" });
export const id: string = added.task_id;`;

it("runs from a packed install, with users' modules from anywhere", async () => {
  const folder = await stage.folder();
  const elsewhere = await stage.folder();
  const app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{"name":"app","private":true,"type":"module"}');
  writeFileSync(join(elsewhere, "shout.mjs"), shoutModule);
  writeFileSync(join(elsewhere, "count.ts"), countModule);
  const npm = (args: string[], cwd: string) =>
    execFileSync("npm", args, { cwd, encoding: "utf8", stdio: "pipe" });
  const packed = npm(["pack", "--pack-destination", folder, "--ignore-scripts", "--silent"], root).trim();
  npm(["install", "--prefer-offline", "--no-audit", "--no-fund", "--omit=dev", join(folder, packed)], app);

  writeFileSync(join(app, "typed.ts"), typedModule("text.toUpperCase()"));
  writeFileSync(join(app, "wrong.ts"), typedModule("text.length"));
  expect(compiled(app, "typed.ts")).toBe("");
  expect(compiled(app, "wrong.ts")).toContain("Type 'number' is not assignable to type 'string'");

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

/** What the compiler says of a file in a project of users, whose only packages are those that the program brings. */
function compiled(folder: string, file: string): string {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const strict = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022"];
  const nodeTypes = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
  const args = [tsc, ...strict, ...nodeTypes, file];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" }).stdout;
}

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
