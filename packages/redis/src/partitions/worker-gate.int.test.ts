/** A gate before a real store whose replies get lost: what it asks to be handed back, and what it spares. */
import { type ClaimedTask, type Lease, type TaskStore, WorkstreamError } from "@workstream/core";
import { claimRequest, complete, leaseMs, newTask, release, workerId } from "@workstream/testing";
import { beforeEach, expect, it } from "vitest";
import { useRedis } from "../redis-test.fixture.ts";
import { WorkerGate } from "./worker-gate.ts";

const redis = useRedis();
const always = Number.POSITIVE_INFINITY;
let tasks: TaskStore;
let gate: WorkerGate;
let losesReplies = false;
let now = 0;
/** What the gate said that the worker knows. */
let known: Lease[][] = [];

beforeEach(async () => {
  ({ tasks } = await redis.open());
  [losesReplies, known] = [false, []];
  gate = new WorkerGate(
    {
      claim: (request) => answered(tasks.claim(request)),
      settle: (worker, attempts, next) => answered(tasks.settle(worker, attempts, next)),
      extend: (worker, leases, forMs) => tasks.extend(worker, leases, forMs),
      recover: (worker, leases) => {
        known.push(leases.map(leaseOf));
        return tasks.recover(worker, leases);
      },
    },
    workerId,
    () => now,
  );
});

async function answered<T>(reply: Promise<T>): Promise<T> {
  const answer = await reply;
  if (losesReplies) throw new WorkstreamError("outcome_unknown", "The reply was lost.");
  return answer;
}

async function fill(count: number): Promise<void> {
  await tasks.enqueueBatch(Array.from({ length: count }, () => newTask(tasks.mintId())));
}

const claim = (limit = 10) => gate.claim(claimRequest({ limit }), always);
const leaseOf = ({ id, token }: Lease): Lease => ({ id, token });

/** The next claim takes what there is, and is never heard of. */
async function loseClaim(act: () => Promise<unknown> = claim): Promise<void> {
  losesReplies = true;
  await expect(act()).rejects.toMatchObject({ code: "outcome_unknown" });
  losesReplies = false;
}

it("spares what the worker was told of, and no more", async () => {
  await fill(3);
  const [settled, running] = (await claim(2)) as [ClaimedTask, ClaimedTask];
  await gate.settle([{ ...leaseOf(settled), settlement: complete }], undefined);
  await loseClaim();
  expect(await claim()).toHaveLength(1);
  expect(known).toEqual([[leaseOf(running)]]);
});

it("spares a task that was handed back and claimed again in one call", async () => {
  await fill(1);
  const [first] = (await claim()) as [ClaimedTask];
  const settlement = { ...leaseOf(first), settlement: release };
  const { claimed } = await gate.settle([settlement], claimRequest());
  expect(claimed.map(({ id }) => id)).toEqual([first.id]);
  await loseClaim();
  expect(await claim()).toEqual([]);
  expect(known).toEqual([claimed.map(leaseOf)]);
  const [again] = claimed as [ClaimedTask];
  const { outcomes } = await gate.settle([{ ...leaseOf(again), settlement: complete }], undefined);
  expect(outcomes).toEqual(["settled"]);
});

it("forgets leases that the store refuses to extend", async () => {
  await fill(3);
  const claimed = await claim();
  const [running, cancelled, deleted] = claimed as [ClaimedTask, ClaimedTask, ClaimedTask];
  await tasks.cancel(cancelled.id, "test");
  await tasks.delete(deleted.id);
  expect(await gate.extend(claimed, leaseMs)).toEqual(["extended", "lease_lost", "not_found"]);
  await loseClaim();
  expect(await claim()).toEqual([]);
  expect(known).toEqual([[leaseOf(running)]]);
});

it("forgets leases that the worker extends no more", async () => {
  await fill(2);
  const [running, dropped] = (await claim()) as [ClaimedTask, ClaimedTask];
  for (let round = 0; round < 2; round++) {
    now += 6 * leaseMs;
    await gate.extend([running], leaseMs);
  }
  await loseClaim();
  expect((await claim()).map(({ id }) => id)).toEqual([dropped.id]);
  expect(known).toEqual([[leaseOf(running)]]);
});

it("has such a task handed back when the reply was lost", async () => {
  await fill(1);
  const [first] = (await claim()) as [ClaimedTask];
  const settlement = { ...leaseOf(first), settlement: release };
  await loseClaim(() => gate.settle([settlement], claimRequest()));
  const [second] = (await claim()) as [ClaimedTask];
  expect(second).toMatchObject({ id: first.id, attempt: 1 });
  expect(second.token).not.toBe(first.token);
});
