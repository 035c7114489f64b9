import { primaryQueue, WorkstreamError } from "@workstream/core";
import { defineTask } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { type Interposer, type WatchedCall, watchStores } from "./watched-stores.ts";
import { describeWorker } from "./worker-stage.ts";

const text = z.string();
const lostReply = () => new WorkstreamError("outcome_unknown", "The reply was lost.");

/** Counts how often each task ran; waits where told to. */
function counting(waitFor: () => Promise<void> = async () => {}) {
  const runs = new Map<string, number>();
  const definition = defineTask({
    type: "echo",
    queue: primaryQueue,
    input: text,
    output: text,
    async run(input, { id }) {
      runs.set(id, (runs.get(id) ?? 0) + 1);
      await waitFor();
      return input;
    },
  });
  return { definition, runs };
}

/** The first call of `verb` takes effect, and its reply is lost. */
function losingFirst(verb: WatchedCall["verb"]): Interposer {
  let isLost = false;
  return async (call, through) => {
    const reply = await through();
    if (call.verb !== verb || isLost) return reply;
    isLost = true;
    throw lostReply();
  };
}

const attemptsIn = ({ args }: WatchedCall) => (args[1] as unknown[]).length;
const claims = ({ verb, args }: WatchedCall) =>
  verb === "claim" || (verb === "settle" && args[2] !== undefined);

describeWorker("claiming and settling", (setStage) => {
  it("settles in one call what finishes in one turn, and claims with it", async () => {
    const stage = await setStage();
    const { definition } = counting();
    const { stores, calls } = watchStores(stage.opened.stores);
    const ids = await stage.enqueueMany(200);
    // A type with a bound is not claimed ahead, which goes by how fast this machine is and leaves some settlements without a claim.
    stage.start([{ ...definition, concurrency: 20 }], { concurrency: 20 }, stores);
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    const settles = calls.filter(({ verb }) => verb === "settle");
    expect(settles.reduce((sum, call) => sum + attemptsIn(call), 0)).toBe(200);
    expect(settles.length).toBeLessThanOrEqual(40);
    expect(settles.every(claims)).toBe(true);
    expect(calls.filter(({ verb }) => verb === "claim").length).toBeLessThan(10);
  });

  it.each(["claim", "settle"] as const)("hands back what a lost reply of %s had claimed", async (verb) => {
    const stage = await setStage();
    const { definition, runs } = counting();
    const ids = await stage.enqueueMany(30);
    const { stores, calls } = watchStores(stage.opened.stores, losingFirst(verb));
    stage.start([definition], { concurrency: 4 }, stores);
    for (const id of ids) {
      expect(await stage.reaches(id, "COMPLETED")).toMatchObject({
        lostCount: 0,
        retryCount: 0,
        errorHistory: [],
      });
      expect(runs.get(id)).toBe(1);
    }
    const lost = calls.findIndex((call) => call.verb === verb);
    const recovered = calls.findIndex((call) => call.verb === "recover");
    const underWay = calls.slice(lost + 1, recovered).filter(claims).length;
    expect(recovered).toBeGreaterThan(lost);
    expect(underWay).toBeLessThanOrEqual(2);
  });

  it("hands back what a lost reply of a claim that waited had taken", async () => {
    const stage = await setStage();
    const { definition, runs } = counting();
    const { stores, calls } = watchStores(stage.opened.stores, losingFirst("claimAfterWait"));
    stage.start([definition], { concurrency: 4 }, stores);
    await until("the wait", () => calls.some(({ verb }) => verb === "claimAfterWait"));
    const ids = await stage.enqueueMany(10);
    for (const id of ids) {
      expect(await stage.reaches(id, "COMPLETED")).toMatchObject({ lostCount: 0, retryCount: 0 });
      expect(runs.get(id)).toBe(1);
    }
    const verbs = calls.map(({ verb }) => verb).filter((verb) => /claim|recover|settle/.test(verb));
    expect(verbs.slice(0, 3)).toEqual(["claim", "claimAfterWait", "recover"]);
  });

  it("repeats a settlement until it is answered, without a claim", async () => {
    const stage = await setStage();
    const { definition, runs } = counting();
    let fails = 4;
    const { stores, calls } = watchStores(stage.opened.stores, async ({ verb }, through) => {
      if (verb === "settle" && fails-- > 0) throw lostReply();
      return through();
    });
    const id = await stage.enqueue();
    const worker = stage.start([definition], { concurrency: 1 }, stores);
    await stage.reaches(id, "COMPLETED");
    const settles = calls.filter(({ verb }) => verb === "settle");
    expect(settles.map(claims)).toEqual([true, false, false, false, false]);
    expect(runs.get(id)).toBe(1);
    await until("the free slot", () => worker.health().freeSlots === 1);
    expect(worker.health()).toMatchObject({ completed: 1, unsettled: 0 });
  });

  it("lets one settlement that the store chokes on hold up no other", async () => {
    const stage = await setStage();
    const { definition } = counting();
    const [poison = "", ...rest] = await stage.enqueueMany(40);
    const { stores } = watchStores(stage.opened.stores, async ({ verb, args }, through) => {
      const isPoisoned = verb === "settle" && (args[1] as { id: string }[]).some(({ id }) => id === poison);
      if (isPoisoned) throw new Error("a bug");
      return through();
    });
    const worker = stage.start([definition], { concurrency: 10 }, stores);
    for (const id of rest) await stage.reaches(id, "COMPLETED");
    expect(worker.health()).toMatchObject({ unsettled: 1, completed: 39 });
    expect((await stage.task(poison)).state).toBe("ACTIVE");
  });

  it("takes no wake-up token while it has no free slot", async () => {
    const stage = await setStage();
    let open = () => {};
    const passed = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { definition } = counting(() => passed);
    const waiting = new Set<WatchedCall>();
    const { stores } = watchStores(stage.opened.stores, async (call, through) => {
      if (call.verb !== "claimAfterWait") return through();
      waiting.add(call);
      return through().finally(() => waiting.delete(call));
    });
    const worker = stage.start([definition], { concurrency: 2 }, stores);
    await until("a wait", () => waiting.size === 1);
    const ids = await stage.enqueueMany(2);
    await until("both to run", () => worker.health().running === 2);
    await until("no wait", () => waiting.size === 0);
    open();
    for (const id of ids) await stage.reaches(id, "COMPLETED");
    await until("the next wait", () => waiting.size === 1);
  });

  it("wakes up at once for new work", async () => {
    const stage = await setStage();
    const { definition } = counting();
    const { stores, calls } = watchStores(stage.opened.stores);
    stage.start([definition], {}, stores);
    const tookMs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const waits = calls.filter(({ verb }) => verb === "claimAfterWait").length;
      await until("a new wait", () => calls.filter(({ verb }) => verb === "claimAfterWait").length > waits);
      const task = await stage.reaches(await stage.enqueue(), "COMPLETED");
      tookMs.push((task.completedAt ?? 0) - task.createdAt);
    }
    // A wait that nothing ends lasts up to two seconds; a busy machine holds up one or the other.
    expect(tookMs.filter((ms) => ms < 500).length).toBeGreaterThan(2);
  });

  it("asks an idle store less than five times a second", async () => {
    const stage = await setStage();
    const { definition } = counting();
    const { stores, calls } = watchStores(stage.opened.stores);
    stage.start([definition], {}, stores);
    await until("the first wait", () => calls.some(({ verb }) => verb === "claimAfterWait"));
    const startedAt = performance.now();
    const before = calls.length;
    await until("four seconds to pass", () => performance.now() - startedAt > 4000, { everyMs: 100 });
    expect(calls.length - before).toBeLessThan(20);
  });

  it("goes on with a claim loop that hangs in a store that never answers", async () => {
    const stage = await setStage();
    const { definition } = counting();
    let hangs = true;
    const { stores, calls } = watchStores(stage.opened.stores, ({ verb }, through) => {
      return verb === "claim" && hangs ? new Promise(() => {}) : through();
    });
    stage.start([definition], {}, stores);
    const id = await stage.enqueue();
    await until("a claim that hangs", () => calls.some(({ verb }) => verb === "claim"));
    hangs = false;
    await stage.reaches(id, "COMPLETED", 20_000);
  });
});
