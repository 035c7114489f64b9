import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FakeOpenRouter, startFakeOpenRouter } from "@workstream/tasks";
import { runCli, startCli, stopAll } from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const key = "sk-or-v1-0123456789";
const modules = `
  import { defineService, defineTask } from "@workstream/worker";
  import { z } from "zod";
  const mail = defineService({ name: "mail", limit: "5/1s" });
  export const send = defineTask({
    type: "send", input: z.object({}), output: z.string(), services: [mail],
    run: (_, context) => context.service("mail").call(async () => "sent"),
  });
`;
const prompt = "Say it in {{words}} words of {{language}}, as a pirate would: {{source}}";

let directory = "";
let url = "";
let provider: FakeOpenRouter;
let up: ReturnType<typeof startCli>;

/** One program with a key and a service of its user's own, for all of these tests. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "workstream-services-"));
  writeFileSync(join(directory, "mail.mjs"), modules);
  mkdirSync(join(directory, "prompts"));
  writeFileSync(join(directory, "prompts", "summarize.txt"), prompt);
  provider = await startFakeOpenRouter({ control: { balance: 20 } });
  const env = {
    API_PORT: "0",
    OPENROUTER_API_KEY: key,
    OPENROUTER_BASE_URL: provider.baseUrl,
    PROMPTS_DIR: "prompts",
    LOG_LEVEL: "trace",
  };
  up = startCli(["up", "--tasks", "mail.mjs"], { cwd: directory, env });
  [, url = ""] = await up.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
});

afterAll(async () => {
  await stopAll();
  await provider.close();
  rmSync(directory, { recursive: true });
});

function run(...args: string[]) {
  return runCli(args, { cwd: directory, env: { WORKSTREAM_URL: url } });
}

describe("the program with a key", () => {
  it("summarizes by the model, with a prompt of one's own, and counts what it cost", async () => {
    const { code, stdout } = await run(
      "task",
      "add",
      "The river rose. The bridge fell.",
      "--wait",
      "20",
      "--json",
    );
    expect(code).toBe(0);
    expect(JSON.parse(JSON.parse(stdout).result)).toMatchObject({ method: "model" });
    expect(JSON.stringify(provider.lastBody)).toContain("as a pirate would");
    const metrics = await (await fetch(`${url}/api/v1/openrouter/metrics?days=1`)).json();
    expect(Object.values(metrics.metrics)).toEqual([
      expect.objectContaining({ successful_calls: 1, state_active: 1 }),
    ]);
  });

  it("never says the key", async () => {
    const { stdout } = await run("service", "status", "openrouter", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ status: "active", balance: expect.any(Number) });
    const doctor = await run("doctor", "--json");
    expect(doctor.stdout).toContain('"openrouter"');
    for (const text of [stdout, doctor.stdout, doctor.stderr, up.stdout, up.stderr])
      expect(text).not.toContain(key);
  });
});

describe("the service commands", () => {
  it("list the services, those of users' modules among them", async () => {
    const { stdout } = await run("service", "ls");
    expect(stdout).toMatch(/^mail +closed +5\/1s/m);
    expect(stdout).toMatch(/^openrouter +closed +230\/10s/m);
  });

  it("change a limit", async () => {
    expect((await run("service", "limit", "mail", "100/500ms")).stdout).toMatch(/^mail +closed +100\/500ms/m);
    expect((await run("service", "limit", "mail", "many")).code).toBe(2);
  });

  it("open and reset a breaker; meanwhile its tasks wait, and the doctor says so", async () => {
    expect((await run("service", "open", "mail")).stdout).toBe("1 of 1 circuit breaker opened.\n");
    expect((await run("service", "status", "mail")).stdout).toMatch(/^breaker +open$/m);
    const { stdout } = await run("doctor", "--json");
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: "service mail", status: "warn" }),
    );
    expect((await run("service", "reset", "mail")).stdout).toBe("1 of 1 circuit breaker reset.\n");
    const sent = await run("task", "add", "--type", "send", "--input", "{}", "--wait", "20");
    expect(sent.stdout).toBe("sent\n");
  });

  it("exit with 4 for a service that there is not", async () => {
    const answers = ["status", "open", "reset"].map((verb) => run("service", verb, "nobody"));
    for (const { code, stderr } of await Promise.all(answers)) {
      expect([code, stderr]).toEqual([
        4,
        expect.stringContaining("Known are openrouter, mail. (unknown_service)"),
      ]);
    }
  });
});

describe("settings that don't do", () => {
  it.each([
    [{ PROMPTS_DIR: "nowhere" }, /PROMPTS_DIR: .*nowhere/],
    [{ SUMMARIZE_PROVIDER: "model" }, /SUMMARIZE_PROVIDER=model is not allowed without a key/],
    [{ OPENROUTER_RATE_LIMIT: "fast" }, /OPENROUTER_RATE_LIMIT=fast is not allowed/],
  ])("are named: %j", async (env, sentence) => {
    const { code, stderr } = await runCli(["up"], {
      cwd: directory,
      env: { API_PORT: "0", ...env } as Record<string, string>,
    });
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});
