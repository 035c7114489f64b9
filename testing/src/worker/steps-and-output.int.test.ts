import { primaryQueue, type Stores, WorkstreamError } from "@workstream/core";
import { defineTask, type TaskContext } from "@workstream/worker";
import { expect, it } from "vitest";
import { z } from "zod";
import { until } from "../until.ts";
import { ServiceDouble } from "./service-double.ts";
import { describeWorker, type WorkerStage } from "./worker-stage.ts";

const text = z.string();

function working(run: (context: TaskContext) => Promise<string>, service?: ServiceDouble) {
  return defineTask({
    ...{ type: "work", queue: primaryQueue, input: text, output: text },
    ...{ retry: { schedules: { Default: [0.05], ServiceUnavailable: [0.05] } } },
    ...(service && { services: [service.definition] }),
    run: (_, context) => run(context),
  });
}

const outputOf = async (stage: WorkerStage, id: string) =>
  (await stage.opened.stores.outputs.read(id, 0)).map(({ kind, text: said }) => `${kind} ${said}`.trim());

describeWorker("steps", (setStage) => {
  it("are remembered over a retry, and forgotten once the task has completed", async () => {
    const stage = await setStage();
    const ran: string[] = [];
    const definition = working(async (context) => {
      const first = await context.step("page 1", async () => ran.push("page 1"));
      if (context.attempt === 1) throw new Error("it broke");
      const again = await context.step("page 1", async () => ran.push("page 1"));
      const second = await context.step("page 2", async () => {
        ran.push("page 2");
        return { words: [first, again] };
      });
      return JSON.stringify(second);
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    expect((await stage.reaches(id, "COMPLETED")).result).toBe('{"words":[1,1]}');
    expect(ran).toEqual(["page 1", "page 2"]);
    await until("the steps to be gone", async () => (await stage.opened.stores.steps.read(id)).size === 0);
  });

  it("runs one name once in an attempt, and again when it failed", async () => {
    const stage = await setStage();
    let runs = 0;
    const definition = working(async (context) => {
      const failing = context.step("a", () => Promise.reject(new Error("not yet")));
      const first = await failing.catch((error: Error) => error.message);
      const both = [1, 2].map(() => context.step("a", async () => `run ${++runs}`));
      return [first, ...(await Promise.all(both))].join(", ");
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    expect((await stage.reaches(id, "COMPLETED")).result).toBe("not yet, run 1, run 1");
  });

  it("returns what is too large or no JSON, and does not remember it", async () => {
    const stage = await setStage();
    const definition = working(async (context) => {
      const large = await context.step("large", async () => "x".repeat(300_000));
      const strange = await context.step("strange", async () => 5n);
      const nothing = await context.step("nothing", async () => {});
      const kept = await stage.opened.stores.steps.read(context.id);
      return `${large.length} ${strange} ${String(nothing)} ${[...kept.keys()].join()}`;
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    expect((await stage.reaches(id, "COMPLETED")).result).toBe("300000 5 undefined nothing");
    await stage.logged("a step was not remembered");
  });

  it("lets an attempt be parked that has made calls, and pays for each once", async () => {
    const stage = await setStage();
    const service = new ServiceDouble({ breaker: { openMs: 300, rampMs: 1 } });
    const { guards } = stage.opened.stores;
    let isOut = false;
    const definition = working(async (context) => {
      const model = context.service("model");
      const first = await context.step("first", () => model.call(() => service.call("first")));
      if (!isOut) await guards.forceOpen("model");
      isOut = true;
      return `${first}, ${await model.call(() => service.call("second"))}`;
    }, service);
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    expect((await stage.reaches(id, "SCHEDULED")).retryCount).toBe(0);
    await guards.reset("model");
    expect(await stage.reaches(id, "COMPLETED")).toMatchObject({
      ...{ result: "answer to first, answer to second", retryCount: 0 },
    });
    expect(service.calls.map(({ by }) => by)).toEqual(["first", "second"]);
  });
});

describeWorker("output", (setStage) => {
  it("arrives in order, is stored before the result, and starts anew with each attempt", async () => {
    const stage = await setStage();
    const definition = working(async (context) => {
      context.output("one ");
      context.output("");
      context.output("two");
      if (context.attempt === 1) throw new Error("it broke");
      return "done";
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    await stage.reaches(id, "COMPLETED");
    expect(await outputOf(stage, id)).toEqual(["output one two", "reset", "output one two"]);
  });

  it("is sent at most ten times a second", async () => {
    const stage = await setStage();
    let lastedMs = 0;
    const definition = working(async (context) => {
      const startedAt = performance.now();
      let said = 0;
      const sent = () => stage.opened.stores.outputs.read(context.id, 0);
      await until("half a second to pass, and two to be sent", async () => {
        context.output(`${said++} `);
        lastedMs = performance.now() - startedAt;
        return lastedMs > 550 && (await sent()).length > 1;
      });
      return String(said);
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    const said = Number((await stage.reaches(id, "COMPLETED")).result);
    const entries = await stage.opened.stores.outputs.read(id, 0);
    const numbers = entries
      .map((entry) => entry.text)
      .join("")
      .trim()
      .split(" ")
      .map(Number);
    expect(numbers).toEqual(Array.from({ length: said }, (_, number) => number));
    expect(entries.length).toBeGreaterThan(2);
    expect(entries.length).toBeLessThanOrEqual(lastedMs / 100 + 2);
  });

  it("can be started anew within an attempt", async () => {
    const stage = await setStage();
    const definition = working(async (context) => {
      context.output("wrong");
      await until("it to be stored", async () => (await outputOf(stage, context.id)).length === 1);
      context.output(" unsent");
      context.restartOutput();
      context.output("right");
      return "done";
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition]);
    await stage.reaches(id, "COMPLETED");
    expect(await outputOf(stage, id)).toEqual(["output wrong", "reset", "output right"]);
  });

  it("starts anew after a hand-back, of which the task knows nothing", async () => {
    const stage = await setStage();
    const definition = working(async (context) => {
      const isFirst = (await outputOf(stage, context.id)).length === 0;
      context.output(isFirst ? "first" : "second");
      if (!isFirst) return "done";
      return new Promise((_, reject) => {
        context.signal.addEventListener("abort", () => reject(context.signal.reason));
      });
    });
    const id = await stage.enqueue({ type: "work" });
    const worker = stage.start([definition]);
    await until("output", async () => (await outputOf(stage, id)).length === 1);
    await worker.drain({ force: true });
    stage.start([definition]);
    expect((await stage.reaches(id, "COMPLETED")).retryCount).toBe(0);
    expect(await outputOf(stage, id)).toEqual(["output first", "reset", "output second"]);
  });

  it("never fails a task", async () => {
    const stage = await setStage();
    const full = () => Promise.reject(new WorkstreamError("store_full", "full"));
    const { outputs } = stage.opened.stores;
    const stores: Stores = {
      ...stage.opened.stores,
      outputs: { append: full, read: full, subscribe: (id, listener) => outputs.subscribe(id, listener) },
    };
    const definition = working(async (context) => {
      context.output("unheard");
      return "done";
    });
    const id = await stage.enqueue({ type: "work" });
    stage.start([definition], {}, stores);
    expect((await stage.reaches(id, "COMPLETED")).result).toBe("done");
  });
});
