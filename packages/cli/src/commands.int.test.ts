import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CreatedTask, QueueStatusView, TaskDetail, TaskSummaryPage } from "@workstream/core";
import { freePort, runCli, startCli, stopAll, until } from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const text = `Rain fell for nine days and the river rose. On the tenth day the old bridge was closed to lorries. The
  town council met at noon and voted to build a new one. Work will begin in spring and last for two years.`;
const modules = `
  import { defineTask, permanent } from "@workstream/worker";
  import { z } from "zod";
  export const echo = defineTask({ type: "echo", input: z.object({ text: z.string() }), output: z.string(), run: ({ text }) => text });
  export const fail = defineTask({ type: "fail", input: z.number(), output: z.string(), run: (n) => { throw permanent("number " + n + " is wrong") } });
  export const wait = defineTask({ type: "wait", input: z.object({}), output: z.string(), run: () => "" });
`;

let directory = "";
let url = "";

/** One gateway for all of these tests; each makes tasks of its own. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "workstream-commands-"));
  writeFileSync(join(directory, "echo.mjs"), modules);
  const up = startCli(["up", "--tasks", "echo.mjs"], { cwd: directory, env: { API_PORT: "0" } });
  [, url = ""] = await up.prints(/"url":"(http:[^"]+)".*"msg":"ready"/);
  expect((await run(["queue", "pause", "wait"])).code).toBe(0);
});

afterAll(async () => {
  await stopAll();
  rmSync(directory, { recursive: true });
});

function run(args: readonly string[], input?: string) {
  return runCli(args, {
    cwd: directory,
    env: { WORKSTREAM_URL: url },
    ...(input !== undefined && { input }),
  });
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await response.json()) as T;
}

/** A task that stays PENDING: its queue is paused. */
async function waitingTask(): Promise<string> {
  return (await post<CreatedTask>("/api/v1/tasks/wait", { input: {} })).task_id;
}

async function deadLetters(count: number): Promise<void> {
  await until(`${count} dead letters`, async () => {
    const status = await (await fetch(`${url}/api/v1/queues/status`)).json();
    return (status as QueueStatusView).queues.dlq === count;
  });
}

describe("task add", () => {
  it("summarizes a text and waits for the summary", async () => {
    const { code, stdout } = await run(["task", "add", text, "--wait", "20"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/bridge|river|council/);
  });

  it("reads a file, standard input, and JSON for other types", async () => {
    writeFileSync(join(directory, "report.txt"), text);
    const [file, stdin, json] = await Promise.all([
      run(["task", "add", "report.txt", "--json"]),
      run(["task", "add", "-", "--json"], text),
      run(["task", "add", "--type", "echo", "--input", '{"text":"hello"}', "--wait", "--json"]),
    ]);
    const [fromFile, fromStdin] = await Promise.all(
      [file, stdin].map(({ stdout }) =>
        run(["task", "get", JSON.parse(stdout).task_id, "--field", "content"]),
      ),
    );
    expect(fromFile?.stdout).toBe(`${text}\n`);
    expect(fromStdin?.stdout).toBe(`${text}\n`);
    expect(JSON.parse(json.stdout)).toMatchObject({ task_type: "echo", state: "COMPLETED", result: "hello" });
  });

  it("takes a text for the content of a summary", async () => {
    const input = JSON.stringify(text);
    const { code, stdout } = await run(["task", "add", "--type", "summarize", "--input", input, "--json"]);
    expect(code).toBe(0);
    const stored = await run(["task", "get", JSON.parse(stdout).task_id, "--field", "content"]);
    expect(stored.stdout).toBe(`${text}\n`);
  });

  it("uploads a PDF, and fails with its error when it is a broken one", async () => {
    writeFileSync(join(directory, "broken.pdf"), "%PDF-1.7\nnothing of the kind");
    const { code, stderr } = await run(["task", "add", "broken.pdf", "--wait", "20"]);
    expect(stderr).toMatch(/ended in DLQ: /);
    expect(code).toBe(1);
  });

  it("takes options along", async () => {
    const args = [
      "--delay",
      "600",
      "--priority",
      "low",
      "--metadata",
      '{"from":"test"}',
      "--max-retries",
      "7",
      "--json",
    ];
    const { task_id, state } = JSON.parse((await run(["task", "add", text, ...args])).stdout);
    expect(state).toBe("SCHEDULED");
    const { stdout } = await run(["task", "get", task_id, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ priority: "low", metadata: { from: "test" }, max_retries: 7 });
  });

  it.each([
    [["task", "add", "./"], /^workstream: \.\/ is a folder: name a file in it\.\n$/],
    [["task", "add", text, "--issue-date", "2024-03-12"], /--issue-date belongs to a PDF/],
    [["task", "add", "no-such-file.pdf"], /There is no file no-such-file\.pdf/],
    [["task", "add", "--type", "echo", "--input", "{text}"], /--input is not JSON/],
    [
      ["task", "add", "--type", "echo", "--input", '{"text":1}'],
      /^workstream: .*\/input\/text.*\(invalid_input\)\n$/,
    ],
    [["task", "add", "--type", "nobody", "--input", "{}"], /nobody.*\(unknown_task_type\)/],
    [["task", "add"], /Give a text, a file/],
    [["task", "add", text, "--priority", "urgent"], /priority/],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

describe("task ls, get, retry, cancel and rm", () => {
  it("lists with filters, as a table and as JSON", async () => {
    const id = await waitingTask();
    const { stdout } = await run(["task", "ls", "--type", "wait", "--status", "pending"]);
    expect(stdout).toContain(id);
    const list: TaskSummaryPage = JSON.parse((await run(["task", "ls", "--id", id, "--json"])).stdout);
    expect(list.tasks.map(({ task_id }) => task_id)).toEqual([id]);
  });

  it("explains why a task does not run", async () => {
    const id = await waitingTask();
    const { stdout, code } = await run(["task", "explain", id]);
    expect([code, stdout]).toEqual([0, "Waits because the queue wait is paused.\n"]);
    const json = JSON.parse((await run(["task", "explain", id, "--json"])).stdout);
    expect(json).toMatchObject({ task_id: id, reason: "queue_paused" });
    expect((await run(["task", "explain", "no-such-task"])).code).toBe(4);
  });

  it("cuts payloads until asked for them", async () => {
    const long = `${"word ".repeat(400)}end`;
    const input = JSON.stringify({ text: long });
    const added = await run(["task", "add", "--type", "echo", "--input", input, "--wait", "--json"]);
    const { task_id: id }: TaskDetail = JSON.parse(added.stdout);
    const shown = (await run(["task", "get", id])).stdout;
    expect(shown).not.toContain("end");
    expect(shown).toContain(`workstream task get ${id} --field result`);
    expect((await run(["task", "get", id, "--field", "result"])).stdout).toBe(`${long}\n`);
    expect((await run(["task", "get", id, "--field", "resutl"])).code).toBe(2);
  });

  it("cancels, retries and deletes, and goes on after a refusal", async () => {
    const id = await waitingTask();
    const cancelled = await run(["task", "cancel", "no-such-task", id]);
    expect(cancelled.stdout).toBe(`${id} is cancelled\n`);
    expect(cancelled.code).toBe(4);
    expect((await run(["task", "cancel", id])).code).toBe(5);
    expect((await run(["task", "retry", id])).stdout).toBe(`${id} is pending again\n`);
    expect((await run(["task", "rm", id])).code).toBe(0);
    const gone = await run(["task", "get", id]);
    expect(gone.stderr).toContain("(not_found)");
    expect(gone.code).toBe(4);
  });
});

describe("many tasks at once", () => {
  it("counts first, and does it when told so", async () => {
    for (let count = 0; count < 3; count++) await waitingTask();
    const filters = ["--type", "wait", "--status", "pending"];
    const counted = await run(["task", "cancel", ...filters]);
    const [, waiting = ""] = /^(\d+) tasks would be cancelled\.\n$/.exec(counted.stdout) ?? [];
    expect(Number(waiting)).toBeGreaterThanOrEqual(3);
    expect(counted.stderr).toBe("Nothing was done: --yes does it.\n");
    expect((await run(["task", "cancel", ...filters, "--yes"])).stdout).toBe(`${waiting} tasks cancelled.\n`);
    const none = await run(["task", "cancel", ...filters, "--dry-run", "--json"]);
    expect(JSON.parse(none.stdout)).toEqual({ action: "cancel", matched: 0, matched_is_estimate: false });
    const cancelled = ["--type", "wait", "--status", "cancelled", "--yes", "--json"];
    expect(JSON.parse((await run(["task", "delete", ...cancelled])).stdout)).toMatchObject({
      ...{ action: "delete", state: "completed", done: Number(waiting), skipped: 0, failed: 0 },
    });
  });

  it("lists dead letters by cause, retries one group and purges the rest", async () => {
    await run(["queue", "purge", "dlq", "--yes"]);
    const none = await run(["queue", "groups"]);
    expect([none.code, none.stderr]).toEqual([0, "No dead letters.\n"]);
    for (const input of [7, 8]) await post("/api/v1/tasks/fail", { input });
    await deadLetters(2);
    const { stdout, stderr } = await run(["queue", "groups"]);
    expect(stdout).toMatch(/fail:PermanentError:\w+ +2 +\S+ +number [78] is wrong\n/);
    expect(stderr).toBe("1 of 1 groups, 2 dead letters.\n");
    const [group = ""] = /fail:PermanentError:\w+/.exec(stdout) ?? [];
    expect((await run(["task", "retry", "--group", group, "--dry-run"])).stdout).toContain(
      "2 tasks would be",
    );
    expect((await run(["task", "retry", "--group", group, "--yes"])).stdout).toBe("2 tasks retried.\n");
    await deadLetters(2);
    expect((await run(["queue", "purge", "dlq", "--yes"])).stdout).toBe("2 tasks deleted.\n");
  });

  it.each([
    [["task", "retry"], /Give task ids, or a filter/],
    [["task", "retry", "some-id", "--status", "DLQ"], /not both/],
    [["task", "retry", "--status", "PENDING"], /\/filter\/status.*\(invalid_input\)/],
    [["queue", "purge", "primary"], /Only dlq can be purged/],
  ])("refuses %j", async (args, sentence) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

describe("queue", () => {
  it("shows what waits where", async () => {
    await waitingTask();
    const status = JSON.parse((await run(["queue", "status", "--json"])).stdout);
    expect(status).toMatchObject({ queues: { primary: expect.any(Number) }, paused_queues: ["wait"] });
    expect((await run(["queue", "status"])).stdout).toMatch(/wait +\d+ +paused/);
  });

  it("streams figures while it watches", async () => {
    const watch = startCli(["queue", "status", "--watch"], { cwd: directory, env: { WORKSTREAM_URL: url } });
    const [, before = ""] = await watch.prints(/ wait=(\d+) /);
    await waitingTask();
    await watch.prints(new RegExp(` wait=${Number(before) + 1} `));
    watch.kill("SIGKILL");
  });

  it("lists ids in their order, and lets a queue run again", async () => {
    const [first, second] = [await waitingTask(), await waitingTask()];
    const ids = (await run(["queue", "ls", "wait", "--limit", "1000"])).stdout.trim().split("\n");
    expect(ids.slice(-2)).toEqual([first, second]);
    expect((await run(["queue", "ls", "no-such-queue"])).code).toBe(4);
    expect((await run(["queue", "resume", "wait"])).code).toBe(0);
    await until("the last task in the queue to be done", async () => {
      const task = (await (await fetch(`${url}/api/v1/tasks/${second}`)).json()) as TaskDetail;
      return task.state === "COMPLETED";
    });
    expect((await run(["queue", "pause", "wait"])).code).toBe(0);
  });
});

describe("demo", () => {
  it("makes tasks in many languages, watches them to their end, and cleans up", async () => {
    const demo = await run(["demo", "--count", "12", "--languages", "--failing", "--watch"]);
    expect(demo.code).toBe(0);
    expect(demo.stdout).toContain("15 tasks: 12 COMPLETED · 3 DLQ");
    const cleaned = await run(["demo", "--cleanup", "--json"]);
    expect(JSON.parse(cleaned.stdout)).toEqual({ deleted: 15 });
    expect(JSON.parse((await run(["demo", "--cleanup", "--json"])).stdout)).toEqual({ deleted: 0 });
  });

  it("names the languages when asked for one it hasn't", async () => {
    const { code, stderr } = await run(["demo", "--languages", "en,tlh"]);
    expect(stderr).toContain("There are no texts in tlh: use en,");
    expect(code).toBe(2);
  });
});

describe("doctor and reset", () => {
  it("fail with settings that up would refuse", async () => {
    const env = { API_PORT: "4000", DASHBOARD_PORT: "4000", DASHBOARD: "on" };
    const { code, stdout } = await runCli(["doctor", "--json"], { cwd: directory, env });
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ status: "fail", detail: expect.stringContaining("DASHBOARD_PORT=4000") }),
    );
  });

  it("finds a running system well", async () => {
    const { code, stdout } = await run(["doctor", "--json"]);
    const checks = JSON.parse(stdout) as { name: string; status: string }[];
    expect(checks.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "node",
        "config",
        "data",
        "disk",
        "gateway",
        "store",
        expect.stringMatching(/^worker /),
      ]),
    );
    expect(code).toBe(0);
  });

  it("refuses to reset a store in use", async () => {
    const shown = await run(["reset"]);
    expect(shown.stdout).toContain(
      "Nothing was deleted: stop what is running first, then --confirm does it.",
    );
    expect(shown.code).toBe(0);
    const refused = await run(["reset", "--confirm"]);
    expect(refused.stderr).toMatch(/Another Workstream process .*--force/);
    expect(refused.code).toBe(5);
  });

  it("says how to start a gateway that is not there", async () => {
    const env = { API_PORT: String(await freePort()) };
    const { code, stderr } = await runCli(["task", "ls"], { cwd: directory, env });
    expect(stderr).toMatch(/^workstream: No gateway answers at http:.*workstream up.*\n$/);
    expect(code).toBe(3);
  });
});
