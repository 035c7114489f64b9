import { claimRequest, complete, newTask, workerId } from "@workstream/testing";
import { describe, expect, it } from "vitest";
import { useRedis } from "./redis-test.fixture.ts";
import { scriptFunction } from "./script-function.ts";
import { scriptSource } from "./script-source.ts";
import { type ScriptName, scripts } from "./scripts.ts";

const redis = useRedis();
const names = Object.keys(scripts) as ScriptName[];
const hot = names.filter((name) => scripts[name].isHot);

const libraries = async (): Promise<string[]> => {
  const listed = (await redis.raw.call("FUNCTION", "LIST")) as string[][];
  return listed.map(([, name = ""]) => name.replace(/^workstream_(.+)_[0-9a-f]{12}$/, "$1")).sort();
};

async function runOne(stores: Awaited<ReturnType<typeof redis.open>>): Promise<void> {
  await stores.tasks.enqueue(newTask(stores.tasks.mintId()));
  const [claimed] = await stores.tasks.claim(claimRequest());
  const attempt = { id: claimed?.id ?? "", token: claimed?.token ?? "", settlement: complete };
  const { outcomes } = await stores.tasks.settle(workerId, [attempt], claimRequest());
  expect(outcomes).toEqual(["settled"]);
  expect((await stores.tasks.status()).states.COMPLETED).toBe(1);
}

describe("a script that Redis keeps as a function", () => {
  it.each(hot)("%s: each local at its left margin begins anew", async (name) => {
    const { kept } = scriptSource(name, scripts[name]);
    const [, top = ""] = kept?.library.split(/^local resets = \{\}$|^local function main\(\)$/m) ?? [];
    const eager = top.replace(/^local function make_made_[\s\S]*?^end -- lazy$/gm, "");
    const declared = [...eager.matchAll(/^local (?!function)([\w, ]+)$/gm)].flatMap(([, all = ""]) =>
      all.split(", "),
    );
    const given = [...eager.matchAll(/^([\w, ]+?) =\s/gm)].flatMap(([, all = ""]) => all.split(", "));
    expect(declared.length).toBeGreaterThan(20);
    expect(declared.filter((local) => !given.includes(local))).toEqual([]);
    await redis.raw.call("FUNCTION", "LOAD", "REPLACE", kept?.library ?? "");
  });

  it("sees nothing of the call before, even of one that failed", async () => {
    const before = [
      "local count, list = 0,",
      "  {}",
      "local last",
      "local function add(value)",
      "  count, last = count + 1, value",
      "  list[count] = value",
      "end",
      "if ARGV[1] then",
      "  add(ARGV[1])",
      "end",
    ].join("\n");
    const main = [
      "local told = { count, last or 'none', #list }",
      "add('more')",
      "redis.call(ARGV[2] or 'PING')",
      "return told",
    ].join("\n");
    const { name, library } = scriptFunction("sample", { shebang: "#!lua", before, main });
    await redis.raw.call("FUNCTION", "LOAD", library);
    const call = (...args: string[]) => redis.raw.call("fcall", name, 0, ...args);
    expect(await call()).toEqual([0, "none", 0]);
    expect(await call("one")).toEqual([1, "one", 1]);
    await expect(call("one", "NOSUCHCOMMAND")).rejects.toThrow(/Unknown Redis command/);
    expect(await call()).toEqual([0, "none", 0]);
  });

  it("is taught when it is first called, and again after a FLUSH", async () => {
    await redis.raw.call("FUNCTION", "FLUSH");
    await runOne(await redis.open());
    expect(await libraries()).toEqual(["claim", "enqueue", "settle_and_claim"]);
    await redis.raw.call("FUNCTION", "FLUSH");
    await runOne(await redis.open());
    expect(await libraries()).toEqual(["claim", "enqueue", "settle_and_claim"]);
  });

  it("is taught once by many calls at the same moment", async () => {
    await redis.raw.call("FUNCTION", "FLUSH");
    const { tasks } = await redis.open();
    const all = Array.from({ length: 40 }, () => tasks.enqueue(newTask(tasks.mintId())));
    expect((await Promise.all(all)).every(({ outcome }) => outcome === "created")).toBe(true);
  });

  it.each([
    ["may not call functions", "-fcall"],
    ["may not load them", "-function"],
  ])("goes by its SHA for a user that %s", async (_, without) => {
    await redis.raw.call("FUNCTION", "FLUSH");
    await redis.raw.call("ACL", "SETUSER", "limited", "reset", "on", ">secret", "~*", "&*", "+@all", without);
    const url = redis.server.url.replace("redis://", "redis://limited:secret@");
    await runOne(await redis.open({ url }));
    expect(await libraries()).toEqual([]);
  });

  it("is taught by a user that has no more rights than it needs", async () => {
    await redis.raw.call("FUNCTION", "FLUSH");
    const commands = ["+@read", "+@write", "+@fast", "+@blocking", "+@pubsub", "+eval", "+evalsha", "+fcall"];
    const others = ["+function|load", "+client|id", "+client|unblock", "+client|setname", "+info"];
    await redis.raw.call(
      "ACL",
      "SETUSER",
      "own",
      "reset",
      "on",
      ">secret",
      "~*",
      "&*",
      ...commands,
      ...others,
    );
    await runOne(await redis.open({ url: redis.server.url.replace("redis://", "redis://own:secret@") }));
    expect(await libraries()).toEqual(["claim", "enqueue", "settle_and_claim"]);
  });

  it("goes by its SHA while a full server can't be taught it", async () => {
    const { tasks } = await redis.open();
    await tasks.enqueue(newTask(tasks.mintId()));
    const [claimed] = await tasks.claim(claimRequest());
    await redis.raw.call("FUNCTION", "FLUSH");
    await redis.raw.config("SET", "maxmemory", "1");
    try {
      const attempt = { id: claimed?.id ?? "", token: claimed?.token ?? "", settlement: complete };
      expect((await tasks.settle(workerId, [attempt])).outcomes).toEqual(["settled"]);
    } finally {
      await redis.raw.config("SET", "maxmemory", "0");
    }
  });

  it("is shared by programs with the same text", async () => {
    await runOne(await redis.open());
    await runOne(await redis.open());
    expect((await libraries()).filter((name) => name === "claim")).toHaveLength(1);
  });
});
