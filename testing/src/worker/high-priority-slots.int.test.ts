import { type ClaimRequest, primaryQueue, WorkstreamError } from "@workstream/core";
import { defineTask } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { type WatchedCall, watchStores } from "./watched-stores.ts";
import { describeWorker } from "./worker-stage.ts";

const high = { priority: "high" } as const;

/** Tasks that run until they are told to end; by their text. */
function holding(options: { type?: string; queue?: string; concurrency?: number } = {}) {
  const running = new Map<string, () => void>();
  const begun: string[] = [];
  const definition = defineTask({
    ...{ type: "echo", queue: primaryQueue, input: z.string(), output: z.string(), ...options },
    run: (input) =>
      new Promise<string>((resolve) => {
        begun.push(input);
        running.set(input, () => {
          running.delete(input);
          resolve(input);
        });
      }),
  });
  const end = (input: string) => running.get(input)?.();
  return { definition, running, begun, end, endAll: () => [...running.keys()].forEach(end) };
}

const isHighWait = ({ verb, args }: WatchedCall) =>
  verb === "claimAfterWait" && (args[0] as ClaimRequest).lane === "high";

describeWorker("slots for high priority", (setStage) => {
  it("stay free for it while every other one is held, and never more than all are", async () => {
    const stage = await setStage();
    const { definition, running, begun, end, endAll } = holding();
    for (const content of ["a", "b", "c", "d", "e"]) await stage.enqueue({ content });
    const worker = stage.start([definition], { concurrency: 4, highPrioritySlots: 2 });
    await until("two to run", () => running.size === 2);
    expect(worker.health()).toMatchObject({ running: 2, freeSlots: 2, concurrency: 4 });
    for (const content of ["H1", "H2", "H3"]) await stage.enqueue({ ...high, content });
    await until("two of high priority to run beside them", () => running.size === 4);
    expect([...begun].sort()).toEqual(["H1", "H2", "a", "b"]);
    end("H1");
    await until("the third to run", () => begun.includes("H3"));
    end("a");
    await until("the next of the others to run", () => begun.includes("c"));
    expect([...running.keys()].sort()).toEqual(["H2", "H3", "b", "c"]);
    end("H2");
    end("H3");
    await until("their slots to be free", () => worker.health().freeSlots === 2);
    expect(running.size).toBe(2);
    await until("all to have run", () => {
      endAll();
      return worker.health().completed === 8;
    });
  });

  it("take such a task as soon as it comes", async () => {
    const stage = await setStage();
    const { definition, running, begun, end, endAll } = holding();
    for (const content of ["a", "b", "c"]) await stage.enqueue({ content });
    const waiting = new Set<WatchedCall>();
    const { stores } = watchStores(stage.opened.stores, async (call, through) => {
      if (!isHighWait(call)) return through();
      waiting.add(call);
      return through().finally(() => waiting.delete(call));
    });
    stage.start([definition], { concurrency: 2, highPrioritySlots: 1 }, stores);
    await until("one to run", () => running.size === 1);
    const waitedMs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await until("a wait", () => waiting.size === 1);
      const id = await stage.enqueue({ ...high, content: `H${round}` });
      await until("it to run", () => begun.includes(`H${round}`));
      const { createdAt, startedAt } = await stage.task(id);
      waitedMs.push((startedAt ?? 0) - createdAt);
      end(`H${round}`);
      await stage.reaches(id, "COMPLETED");
    }
    // A wait that nothing ends lasts up to two seconds; a busy machine holds up one or the other.
    expect(waitedMs.filter((ms) => ms < 500).length).toBeGreaterThan(2);
    endAll();
  });

  it("ask nothing of the store while another slot is free, for whoever waits for that takes what is urgent first", async () => {
    const stage = await setStage();
    const { definition, running, endAll } = holding();
    const { stores, calls } = watchStores(stage.opened.stores);
    const worker = stage.start([definition], { concurrency: 3, highPrioritySlots: 1 }, stores);
    await until("a wait", () => calls.some(({ verb }) => verb === "claimAfterWait"));
    await stage.enqueue({ ...high, content: "H" });
    await until("it to run", () => running.size === 1);
    expect(calls.filter(isHighWait)).toEqual([]);
    endAll();
    await until("it to end", () => worker.health().completed === 1);
  });

  it("hand back what a lost reply had claimed, and only that", async () => {
    const stage = await setStage();
    const { definition, running, begun, endAll } = holding();
    let isLost = false;
    const { stores, calls } = watchStores(stage.opened.stores, async (call, through) => {
      const reply = await through();
      if (!isHighWait(call) || isLost) return reply;
      isLost = true;
      throw new WorkstreamError("outcome_unknown", "The reply was lost.");
    });
    const long = await stage.enqueue({ content: "long" });
    const worker = stage.start([definition], { concurrency: 2, highPrioritySlots: 1 }, stores);
    await until("a wait", () => calls.some(isHighWait));
    const id = await stage.enqueue({ ...high, content: "H" });
    await until("both to run", () => running.size === 2);
    expect(begun.sort()).toEqual(["H", "long"]);
    endAll();
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({ lostCount: 0, retryCount: 0 });
    await stage.reaches(long, "COMPLETED");
    await until("all slots to be free", () => worker.health().freeSlots === 2);
  });

  it("are not for a type with a bound of its own, whose tasks stay within it", async () => {
    const stage = await setStage();
    const { definition, running, endAll } = holding({ type: "bounded", queue: "bounded", concurrency: 1 });
    const { definition: other, running: others, endAll: endOthers } = holding();
    for (const content of ["a", "b"]) {
      await stage.enqueue({ ...high, content, type: "bounded", queue: "bounded" });
    }
    for (const content of ["c", "d", "e"]) await stage.enqueue({ content });
    const worker = stage.start([definition, other], { concurrency: 3, highPrioritySlots: 1 });
    await until("one of each to run", () => running.size + others.size === 2);
    const id = await stage.enqueue({ ...high, content: "H" });
    await until("the urgent one of the other type to run", () => others.has("H"));
    expect(running.size).toBe(1);
    await until("all to have run", () => {
      endAll();
      endOthers();
      return worker.health().completed === 6;
    });
    expect((await stage.task(id)).state).toBe("COMPLETED");
  });

  it("are drained like the others", async () => {
    const stage = await setStage();
    const { definition, running } = holding();
    const ids = [await stage.enqueue({ content: "long" })];
    const worker = stage.start([definition], { concurrency: 2, highPrioritySlots: 1, graceMs: 50 });
    await until("one to run", () => running.size === 1);
    ids.push(await stage.enqueue({ ...high, content: "H" }));
    await until("both to run", () => running.size === 2);
    await worker.drain();
    for (const id of ids) {
      expect(await stage.task(id)).toMatchObject({ state: "PENDING", retryCount: 0, lostCount: 0 });
    }
    expect(worker.health()).toMatchObject({ state: "stopped", unsettled: 0 });
  });
});
