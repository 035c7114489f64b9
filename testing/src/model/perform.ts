import {
  type ClaimedTask,
  type ClaimRequest,
  type NewTask,
  type Settlement,
  type Stores,
  WorkstreamError,
} from "@workstream/core";
import { guardPolicy, tokensASecond } from "../guard-driver.ts";
import { newTask } from "../new-task.ts";
import type { Book } from "./book.ts";
import { modelLeaseMs, type Operation, type SettleKind } from "./operation.ts";

/** What an operation does to a store, with all its names resolved, so that it is the same for every store. */
export type Action = (stores: Stores) => Promise<unknown>;

const policy = guardPolicy({ tokenLimit: tokensASecond });
const retryRatio = { normal: 0.3, warningDepth: 2, criticalDepth: 4 };

type Of<Name extends Operation["do"]> = Extract<Operation, { do: Name }>;
type ClaimShape = Omit<Of<"claim">, "do" | "worker"> & { worker: string };

/** Resolves an operation against what is known; changes the clock and mints ids on the way. */
export function resolve(operation: Operation, book: Book): Action {
  const prepare = preparations[operation.do] as (operation: Operation, book: Book) => Action;
  const action = prepare(operation, book);
  return async (stores) => {
    try {
      return await action(stores);
    } catch (error) {
      if (error instanceof WorkstreamError) return { threw: error.code };
      throw error;
    }
  };
}

/** What the answer of one store teaches; both have given the same. */
export function learn(operation: Operation, answer: unknown, book: Book): void {
  if (operation.do === "claim") book.learn(operation.worker, answer as ClaimedTask[]);
  if (operation.do === "stumble") {
    book.learn(operation.worker, (answer as { claimed: ClaimedTask[] }).claimed);
  }
  if (operation.do === "settle" && operation.next) {
    const { workerId, claimed } = answer as { workerId: string; claimed: ClaimedTask[] };
    book.learn(workerId, claimed);
  }
}

const preparations: { [Name in Operation["do"]]: (operation: Of<Name>, book: Book) => Action } = {
  enqueue(operation, book) {
    const { queue, priority, delayMs, expiresInMs } = operation;
    const idempotency = idempotencyOf(operation);
    const task = newTask(book.mintId(), { queue, priority, delayMs, expiresInMs, idempotency });
    return ({ tasks }) => tasks.enqueue(task);
  },
  enqueueAgain(operation, book) {
    const id = book.ids.length > 0 ? book.task(operation.task) : book.mintId();
    const task = newTask(id, { content: "again" });
    book.recreated.add(id);
    return ({ tasks }) => tasks.enqueue(task);
  },
  enqueueBatch(operation, book) {
    const batch = Array.from({ length: operation.count }, (_, index) =>
      newTask(book.mintId(), {
        queue: operation.queue,
        idempotency: index === 1 ? idempotencyOf(operation) : null,
      }),
    );
    return ({ tasks }) => tasks.enqueueBatch(batch);
  },
  claim(operation) {
    const request = claimRequest(operation);
    return ({ tasks }) => tasks.claim(request);
  },
  settle(operation, book) {
    const { id, token, workerId } = book.attempt(operation.attempt);
    const forged = String(BigInt(token) + 1n);
    const attempt = {
      id,
      token: operation.by === "forger" ? forged : token,
      settlement: settlement(operation.kind, operation.delayMs),
    };
    const settler = operation.by === "stranger" ? "host-9-z" : workerId;
    const next = operation.next ? claimRequest({ worker: settler, ...operation.next }) : undefined;
    return async ({ tasks }) => ({
      ...(await tasks.settle(settler, [attempt], next)),
      workerId: settler,
    });
  },
  settleAll({ worker, kinds }, book) {
    const attempts = book.attemptsOf(worker).map(({ id, token }, index) => ({
      id,
      token,
      settlement: settlement(kinds[index % kinds.length] ?? "complete", index),
    }));
    return ({ tasks }) => tasks.settle(worker, attempts);
  },
  stumble({ worker, queue, count, to }) {
    const request = claimRequest({ worker, queues: [queue], each: count, limit: count, lane: null });
    const failed = settlement(to === "DLQ" ? "bury" : "retryLater", 0);
    return async ({ tasks }) => {
      const claimed = await tasks.claim(request);
      const attempts = claimed.map(({ id, token }) => ({ id, token, settlement: failed }));
      const { outcomes } = await tasks.settle(worker, attempts);
      return { claimed, outcomes, ...(await tasks.promote(10)) };
    };
  },
  extend(operation, book) {
    const { id, token, workerId } = book.attempt(operation.attempt);
    const { hasBegun } = operation;
    const progress = operation.progress === null ? {} : { progress: operation.progress };
    return ({ tasks }) => tasks.extend(workerId, [{ id, token, hasBegun, ...progress }], modelLeaseMs);
  },
  recover({ worker, knowsEven }, book) {
    const known = knowsEven ? book.attemptsOf(worker).filter((_, index) => index % 2 === 0) : [];
    return ({ tasks }) => tasks.recover(worker, known);
  },
  cancel({ task, reason }, book) {
    const id = book.task(task);
    return ({ tasks }) => tasks.cancel(id, reason);
  },
  retry({ task, reset }, book) {
    const id = book.task(task);
    book.released.add(id);
    return ({ tasks }) => tasks.retry(id, { resetRetryCount: reset });
  },
  retryAttempted({ attempt, reset }, book) {
    const { id } = book.attempt(attempt);
    book.released.add(id);
    return ({ tasks }) => tasks.retry(id, { resetRetryCount: reset });
  },
  delete({ task }, book) {
    const id = book.task(task);
    book.released.add(id);
    return ({ tasks }) => tasks.delete(id);
  },
  promote({ limit }) {
    return ({ tasks }) => tasks.promote(limit);
  },
  reap({ limit, maxLostWorkers }) {
    return ({ tasks }) => tasks.reap({ leaseMs: modelLeaseMs, limit, maxLostWorkers });
  },
  prune({ maxAgeMs, maxCount, limit }, book) {
    book.hasPruned = true;
    const retention = { maxAgeMs, maxCount };
    const policy = { COMPLETED: retention, FAILED: retention, DLQ: retention, CANCELLED: retention };
    return ({ tasks }) => tasks.prune(policy, limit);
  },
  pause({ queue }) {
    return ({ tasks }) => tasks.pause(queue);
  },
  resume({ queue }) {
    return ({ tasks }) => tasks.resume(queue);
  },
  requeueOrphaned() {
    return ({ tasks }) => tasks.requeueOrphaned();
  },
  beat({ worker, memoryBytes }) {
    const beat = {
      workerId: worker,
      hostname: "host",
      pid: 1,
      version: "1",
      concurrency: 4,
      highPrioritySlots: 0,
      queues: ["primary"],
      types: ["echo"],
      isDraining: false,
      completed: 0,
      failed: 0,
      eventLoopLagMs: 3,
      memoryBytes,
      claimLoopAgeMs: 0,
    };
    return ({ workers }) => workers.beat(beat);
  },
  advance({ ms }, book) {
    book.clock.advance(ms);
    return async () => undefined;
  },
  forceOpen() {
    return ({ guards }) => guards.forceOpen(policy.service);
  },
  reset() {
    return ({ guards }) => guards.reset(policy.service);
  },
  changeLimit({ requests }) {
    return ({ guards }) => guards.changeLimit(policy.service, { requests, intervalMs: 1_000 });
  },
  ask({ cost }) {
    const request = { cost, tokens: 10, isReturning: true };
    return async ({ guards }) => {
      const { answers } = await guards.acquire(policy, [request, request], 0);
      return answers.map((answer) => (answer.kind === "park" ? answer.reason : answer.kind));
    };
  },
  compare() {
    return async () => undefined;
  },
};

function idempotencyOf({
  key,
  fingerprint,
}: {
  key: string | null;
  fingerprint: string;
}): NewTask["idempotency"] {
  return key === null ? null : { key, fingerprint };
}

function claimRequest({ worker, queues, each, limit, lane }: ClaimShape): ClaimRequest {
  return {
    workerId: worker,
    queues: Object.fromEntries(queues.map((queue) => [queue, each])),
    limit,
    leaseMs: modelLeaseMs,
    retryRatio,
    ...(lane && { lane }),
  };
}

function settlement(kind: SettleKind, delayMs: number): Settlement {
  const failed = { kind: "fail", error: "it broke", errorType: "Default" } as const;
  switch (kind) {
    case "complete":
      return { kind, result: "done" };
    case "retryLater":
      return { ...failed, next: { to: "SCHEDULED", delayMs } };
    case "bury":
      return { ...failed, next: { to: "DLQ" } };
    case "fail":
      return { ...failed, next: { to: "FAILED" } };
    case "snooze":
      return { kind: "snooze", delayMs, isParked: false };
    case "park":
      return { kind: "snooze", delayMs, isParked: true };
    case "parkForService": {
      const parking = {
        name: policy.service,
        why: "It has no turn free.",
        cost: 1 + (delayMs % 3),
        tokens: delayMs,
      };
      return { kind: "snooze", delayMs, isParked: true, parking };
    }
    case "cancel":
      return { kind, reason: "by its handler" };
    case "release":
      return { kind };
  }
}
