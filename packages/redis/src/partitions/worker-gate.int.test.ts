/** A gate before a real store whose replies get lost: what it asks to be handed back, and what it spares. */
import { type ClaimedTask, type Lease, type TaskStore, WorkstreamError } from "@workstream/core";
import { claimRequest, complete, newTask, release, workerId } from "@workstream/testing";
import { beforeEach, expect, it } from "vitest";
import { useRedis } from "../redis-test.fixture.ts";
import { WorkerGate } from "./worker-gate.ts";

const redis = useRedis();
const always = Number.POSITIVE_INFINITY;
let tasks: TaskStore;
let gate: WorkerGate;
let losesReplies = false;
/** What the gate said that the worker knows. */
let known: Lease[][] = [];

beforeEach(async () => {
  ({ tasks } = await redis.open());
  [losesReplies, known] = [false, []];
  gate = new WorkerGate(
    {
      claim: (request) => answered(tasks.claim(request)),
      settle: (worker, attempts, next) => answered(tasks.settle(worker, attempts, next)),
      recover: (worker, leases) => {
        known.push([...leases]);
        return tasks.recover(worker, leases);
      },
    },
    workerId,
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
const leaseOf = ({ id, token }: ClaimedTask): Lease => ({ id, token });

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

it("has such a task handed back when the reply was lost", async () => {
  await fill(1);
  const [first] = (await claim()) as [ClaimedTask];
  const settlement = { ...leaseOf(first), settlement: release };
  await loseClaim(() => gate.settle([settlement], claimRequest()));
  const [second] = (await claim()) as [ClaimedTask];
  expect(second).toMatchObject({ id: first.id, attempt: 1 });
  expect(second.token).not.toBe(first.token);
});
