import { describe, expect, it } from "vitest";
import { busiestWorkers } from "./busiest-workers.ts";
import { worker } from "./system-facts.fixture.ts";

describe("busiestWorkers", () => {
  it("has trouble first, then work, then the name", () => {
    const named = (worker_name: string, change = {}) => worker({ worker_name, ...change });
    const workers = [
      named("idle", { active_tasks: 0 }),
      named("b-half", { active_tasks: 5 }),
      named("a-half", { active_tasks: 5 }),
      named("draining", { status: "draining", active_tasks: 1 }),
      named("lagging", { event_loop_lag_ms: 300 }),
      named("silent", { status: "stale" }),
    ];
    expect(busiestWorkers(workers, 5).map(({ worker_name }) => worker_name)).toEqual([
      "silent",
      "lagging",
      "draining",
      "a-half",
      "b-half",
    ]);
  });
});
