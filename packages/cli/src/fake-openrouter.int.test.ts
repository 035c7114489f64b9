import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultNames } from "@workstream/tasks";
import { runCli, startFakeOpenRouterProcess, stopAll } from "@workstream/testing";
import { afterEach, beforeEach, expect, it } from "vitest";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-fake-"));
});
afterEach(async () => {
  await stopAll();
  rmSync(directory, { recursive: true });
});

it("serves, tells what it does and how to use it, and is told by other processes", async () => {
  const args = ["--verbose", "--latency", "0", "--limit", "2/1h", "--fail", "503,retry-after=3,next=1"];
  const fake = await startFakeOpenRouterProcess({ cwd: directory, args });
  const body = JSON.stringify({ model: "a/b", messages: [{ role: "user", content: "It rains." }] });
  const ask = async () => (await fetch(`${fake.baseUrl}/chat/completions`, { method: "POST", body })).status;
  expect([await ask(), await ask(), await ask()]).toEqual([503, 200, 429]);
  await fake.control({ limit: null, fail: ["reset,next=1"] });
  await expect(ask()).rejects.toThrow();
  expect((await fake.requests(2)).map(({ number, outcome }) => [number, outcome])).toEqual([
    [3, "429"],
    [4, "reset"],
  ]);
  expect(await fake.limitReport()).toBeNull();
  await fake.stop();
  expect(fake.stdout).toContain(`OPENROUTER_BASE_URL=${fake.baseUrl} OPENROUTER_API_KEY=test-key`);
  expect(fake.stdout).toMatch(/#1 \/chat\/completions a\/b → 503 \(overloaded\) in \d+ ms/);
});

it("lists every fault in its help", async () => {
  const { code, stdout } = await runCli(["fake-openrouter", "--help"], { cwd: directory });
  expect(code).toBe(0);
  expect(faultNames.filter((name) => !stdout.includes(name))).toEqual([]);
});

it.each([
  [["--fail", "tired"], /there is no fault "tired"/],
  [["--fail", "429,nxt=3"], /nxt/],
  [["--limit", "many"], /--limit many is no limit/],
])("refuses %j", async (args, sentence) => {
  const { code, stderr } = await runCli(["fake-openrouter", "--port", "0", ...args], { cwd: directory });
  expect(stderr).toMatch(sentence);
  expect(code).toBe(2);
});
