/** One scenario for each step of the lifecycle: what takes it, and the history that the task tells afterwards. */
import { type StateEntry, stateLetters } from "@workstream/core";
import { Redis } from "ioredis";
import type { OpenedStores } from "./store-source.ts";
import { complete, failed, park, release, snooze, type TaskDriver } from "./task-driver.ts";
import { taskInState } from "./task-in-state.ts";

/** Letters and seconds since the start: "P0 A1 C2". Every scenario lets one second pass between steps. */
export type LifecycleScenario = {
  run(driver: TaskDriver, opened: OpenedStores): Promise<string>;
  history: string;
};

/** A task's history as scenarios write it down. */
export function toldHistory(history: readonly StateEntry[], startedAt: number): string {
  return history.map(({ state, at }) => `${stateLetters[state]}${(at - startedAt) / 1_000}`).join(" ");
}

/** Enqueue, a second, claim, a second, settle. */
async function settled(driver: TaskDriver, settlement: Parameters<TaskDriver["settle"]>[1]): Promise<string> {
  const id = await driver.enqueue();
  driver.clock.advance(1_000);
  const attempt = await driver.claimOne();
  driver.clock.advance(1_000);
  await driver.settle(attempt, settlement);
  return id;
}

async function cancelled(driver: TaskDriver, state: "PENDING" | "SCHEDULED" | "ACTIVE"): Promise<string> {
  const { id } = await taskInState(driver, state);
  driver.clock.advance(1_000);
  await driver.tasks.cancel(id, "changed my mind");
  return id;
}

async function retried(driver: TaskDriver, state: "FAILED" | "DLQ" | "CANCELLED"): Promise<string> {
  const { id } = await taskInState(driver, state);
  driver.clock.advance(1_000);
  await driver.tasks.retry(id, { resetRetryCount: false });
  return id;
}

async function rejected(driver: TaskDriver, { place, redisUrl }: OpenedStores): Promise<string> {
  const id = await driver.enqueue();
  const redis = new Redis(redisUrl ?? "", { keyPrefix: place });
  await redis.hdel(`task:${id}`, "content");
  await redis.quit();
  driver.clock.advance(1_000);
  await driver.claim();
  return id;
}

export const lifecycleScenarios: Record<string, LifecycleScenario> = {
  "enqueue: → PENDING": { run: (driver) => driver.enqueue(), history: "P0" },
  "delay: → SCHEDULED": { run: (driver) => driver.enqueue({ delayMs: 5_000 }), history: "S0" },
  "claim: PENDING → ACTIVE": {
    async run(driver) {
      const id = await driver.enqueue();
      driver.clock.advance(1_000);
      await driver.claimOne();
      return id;
    },
    history: "P0 A1",
  },
  "complete: ACTIVE → COMPLETED": { run: (driver) => settled(driver, complete), history: "P0 A1 C2" },
  "fail: ACTIVE → FAILED": {
    run: (driver) => settled(driver, failed({ to: "FAILED" })),
    history: "P0 A1 F2",
  },
  "backOff: FAILED → SCHEDULED": {
    run: (driver) => settled(driver, failed({ to: "SCHEDULED", delayMs: 9 })),
    history: "P0 A1 F2 S2",
  },
  "bury: FAILED → DLQ": { run: (driver) => settled(driver, failed({ to: "DLQ" })), history: "P0 A1 F2 D2" },
  "snooze: ACTIVE → SCHEDULED": { run: (driver) => settled(driver, snooze(1_000)), history: "P0 A1 S2" },
  "park: ACTIVE → SCHEDULED": { run: (driver) => settled(driver, park(1_000)), history: "P0 A1 S2" },
  "release: ACTIVE → PENDING": { run: (driver) => settled(driver, release), history: "P0 A1 P2" },
  "reap: ACTIVE → PENDING": {
    async run(driver) {
      const id = await driver.enqueue();
      driver.clock.advance(1_000);
      await driver.claimOne();
      await driver.warmReaper();
      return id;
    },
    // The reaper first runs at 1, waits until 31, and next runs at 33.
    history: "P0 A1 P33",
  },
  "promote: SCHEDULED → PENDING": {
    async run(driver) {
      const id = await driver.enqueue({ delayMs: 2_000 });
      driver.clock.advance(3_000);
      await driver.tasks.promote(10);
      return id;
    },
    history: "S0 P3",
  },
  "reject: PENDING → DLQ": { run: rejected, history: "P0 D1" },
  "expire: PENDING → CANCELLED": {
    async run(driver) {
      const id = await driver.enqueue({ expiresInMs: 1_000 });
      driver.clock.advance(2_000);
      await driver.claim();
      return id;
    },
    history: "P0 X2",
  },
  "cancel: PENDING → CANCELLED": { run: (driver) => cancelled(driver, "PENDING"), history: "P0 X1" },
  "cancel: SCHEDULED → CANCELLED": { run: (driver) => cancelled(driver, "SCHEDULED"), history: "S0 X1" },
  "cancel: ACTIVE → CANCELLED": { run: (driver) => cancelled(driver, "ACTIVE"), history: "P0 A0 X1" },
  "retry: FAILED → PENDING": { run: (driver) => retried(driver, "FAILED"), history: "P0 A0 F0 P1" },
  "retry: DLQ → PENDING": { run: (driver) => retried(driver, "DLQ"), history: "P0 A0 F0 D0 P1" },
  "retry: CANCELLED → PENDING": { run: (driver) => retried(driver, "CANCELLED"), history: "P0 X0 P1" },
};
