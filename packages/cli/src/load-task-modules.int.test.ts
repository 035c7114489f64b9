import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli, startCli, stopAll } from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// A folder outside the project, with no package.json and no node_modules above it.
let directory = "";

const files = {
  "echo.mjs": `
    import { defineTask } from "@workstream/worker";
    import { z } from "zod";
    export const echo = defineTask({ type: "echo", input: z.string(), output: z.string(), run: (text) => text });
    export default [defineTask({ type: "shout", input: z.string(), output: z.string(), run: (t) => t.toUpperCase() })];
  `,
  "halve.ts": `
    import { type ErrorCode, WorkstreamError } from "@workstream/core";
    import { defineTask, permanent } from "@workstream/worker";
    import { z } from "zod";
    import { half } from "./half.ts";
    enum Kind { Whole = "whole" }
    const code: ErrorCode = "internal";
    export const known = [WorkstreamError, permanent, code];
    const input = z.object({ n: z.number(), kind: z.enum(Kind).optional() });
    export default defineTask({ type: "halve", input, output: z.number(), run: ({ n }) => half(n) });
  `,
  "half.ts": "export const half = (n: number): number => n / 2;",
  "nothing.mjs": "export const answer = 42;",
  "broken.mjs": "export const answer = ;",
  "broken.ts": "export const answer: number = ;",
  "missing-import.mjs": 'import "a-package-that-nobody-wrote";',
  "throws.mjs": 'throw new Error("no luck today");',
  "wrong-type.mjs": `
    import { defineTask } from "@workstream/worker";
    import { z } from "zod";
    export default defineTask({ type: "Not A Type", input: z.string(), output: z.string(), run: (text) => text });
  `,
  "crowded.mjs": `
    import { defineTask } from "@workstream/worker";
    import { z } from "zod";
    const shared = { queue: "shared", input: z.string(), output: z.string(), run: (text) => text };
    export default [defineTask({ type: "one", concurrency: 1, ...shared }), defineTask({ type: "two", ...shared })];
  `,
  "echo-again.mjs": `
    import { defineTask } from "@workstream/worker";
    import { z } from "zod";
    export default defineTask({ type: "echo", input: z.string(), output: z.string(), run: (text) => text });
  `,
};

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-modules-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
});

afterAll(async () => {
  await stopAll();
  rmSync(directory, { recursive: true });
});

async function resultOf(url: string, type: string, input: unknown): Promise<string> {
  const args = [
    "task",
    "add",
    "--type",
    type,
    "--input",
    JSON.stringify(input),
    "--wait",
    "20",
    "--url",
    url,
  ];
  return (await runCli(args, { cwd: directory })).stdout.trim();
}

function up(...modules: string[]) {
  return runCli(["up", "--tasks", ...modules], {
    cwd: directory,
    env: { DATA_DIR: join(directory, "data") },
  });
}

describe("task modules", () => {
  it("are found and run wherever they lie, in JavaScript and in TypeScript", async () => {
    const env = { API_PORT: "0", TASKS: "./echo.mjs,echo.mjs" };
    const cli = startCli(["up", "--tasks", join(directory, "halve.ts")], { cwd: directory, env });
    const [, url = ""] = await cli.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
    const results = await Promise.all([
      resultOf(url, "echo", "hello"),
      resultOf(url, "shout", "hello"),
      resultOf(url, "halve", { n: 5, kind: "whole" }),
    ]);
    expect(results).toEqual(["hello", "HELLO", "2.5"]);
  });

  it.each([
    ["nothing.mjs", /nothing\.mjs exports no task type: export what defineTask returns/],
    ["broken.mjs", /broken\.mjs has a syntax error: Unexpected token ';'/],
    ["broken.ts", /broken\.ts has a syntax error: .*broken\.ts:1:30/],
    ["missing-import.mjs", /missing-import\.mjs can't be loaded: .*'a-package-that-nobody-wrote'/],
    ["throws.mjs", /throws\.mjs can't be loaded: no luck today/],
    ["crowded.mjs", /Task type "one" has a concurrency of its own, so it can't share queue "shared"/],
    ["wrong-type.mjs", /wrong-type\.mjs can't be loaded: Task type "Not A Type"/],
    ["./", /^workstream: \S+ is a folder: name the module in it\.\n$/],
    ["not-there.mjs", /There is no task module .*not-there\.mjs/],
    ["not-a-package", /not-a-package can't be loaded: Cannot find package/],
  ])("says in one line what is wrong with %s", async (name, sentence) => {
    const { code, stderr } = await up(name);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(2);
  });

  it("refuses a type that two modules define, and names both", async () => {
    const { code, stderr } = await up("./echo.mjs", "./echo-again.mjs");
    expect(stderr).toContain('Task type "echo" is defined twice: by ./echo.mjs and by ./echo-again.mjs.');
    expect(code).toBe(2);
  });
});
