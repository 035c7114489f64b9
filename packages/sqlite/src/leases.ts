import {
  type ClaimRequest,
  type ExtendOutcome,
  type ExtendRequest,
  isErrorCode,
  type SettleOutcome,
  type TaskLeases,
} from "@workstream/core";
import type { Claims } from "./claims.ts";
import type { CommitQueue } from "./commit-queue.ts";
import type { Connection } from "./connection.ts";
import type { Attempt, Settlements } from "./settlements.ts";
import type { TaskTable } from "./task-table.ts";
import type { Wakeups } from "./wakeups.ts";

type Parts = {
  connection: Connection;
  commits: CommitQueue;
  tasks: TaskTable;
  claims: Claims;
  settlements: Settlements;
  wakeups: Wakeups;
};

/** So many settlements are one transaction of a few ms. */
const settleChunk = 100;

export function createLeases(parts: Parts): TaskLeases {
  const { commits, claims, settlements, tasks, wakeups } = parts;
  const extendLease = prepareExtend(parts);

  function settleAll(workerId: string, attempts: readonly Attempt[]): Promise<SettleOutcome[]> {
    return commits.write((transaction) =>
      attempts.map((attempt) => settlements.settle(workerId, attempt, transaction)),
    );
  }

  async function settleAndClaim(workerId: string, attempts: readonly Attempt[], next?: ClaimRequest) {
    if (next === undefined) return { settled: await settleAll(workerId, attempts), claimed: [] };
    try {
      return await commits.write((transaction) => ({
        settled: attempts.map((attempt) => settlements.settle(workerId, attempt, transaction)),
        claimed: claims.claim(next, transaction),
      }));
    } catch (error) {
      // With a full disk what runs may still be settled, but nothing new is taken.
      if (!isErrorCode(error, "store_full")) throw error;
      return { settled: await settleAll(workerId, attempts), claimed: [] };
    }
  }

  const claim = (request: ClaimRequest) => commits.write((transaction) => claims.claim(request, transaction));

  const waitForWork: TaskLeases["waitForWork"] = async (queues, timeoutMs, signal, lane) => {
    commits.assertOpen();
    await wakeups.wait(queues, timeoutMs, signal, lane);
  };

  return {
    claim,

    async settle(workerId, attempts, next) {
      const outcomes: SettleOutcome[] = [];
      const chunks = chunksOf(attempts);
      const last = chunks.pop() ?? [];
      for (const chunk of chunks) outcomes.push(...(await settleAll(workerId, chunk)));
      const { settled, claimed } = await settleAndClaim(workerId, last, next);
      return { outcomes: [...outcomes, ...settled], claimed };
    },

    extend: (workerId, leases, leaseMs) =>
      commits.write(({ now }) => leases.map((lease) => extendLease(workerId, lease, now + leaseMs))),

    recover: (workerId, known) =>
      commits.write((transaction) => {
        const names = new Set(known.map(({ id, token }) => `${id} ${token}`));
        const unknown = tasks.runBy(workerId).filter(({ id, lease }) => !names.has(`${id} ${lease}`));
        // Each goes to the head of its lane, so the newest goes first and the oldest runs first.
        for (const record of unknown.reverse()) settlements.release(record, transaction);
        return unknown.length;
      }),

    waitForWork,

    async claimAfterWait(request, timeoutMs, signal) {
      await waitForWork(Object.keys(request.queues), timeoutMs, signal, request.lane);
      return claim(request);
    },
  };
}

function prepareExtend({ connection }: Parts) {
  const find = connection.prepare("SELECT state, lease, worker_id FROM tasks WHERE id = ?");
  const extend = connection.prepare(
    "UPDATE tasks SET rank = ?, progress = coalesce(?, progress), begun = coalesce(?, begun) WHERE id = ?",
  );
  return (workerId: string, request: ExtendRequest, leaseUntil: number): ExtendOutcome => {
    const { id, token, progress, hasBegun } = request;
    const row = find.first<[string, number, string | null]>(id);
    if (!row) return "not_found";
    const [state, lease, holder] = row;
    if (state !== "ACTIVE" || String(lease) !== token || holder !== workerId) return "lease_lost";
    extend.run(leaseUntil, progress ?? null, hasBegun ? lease : null, id);
    return "extended";
  };
}

/** One chunk at least, so that a settle with nothing to settle still claims. */
function chunksOf(attempts: readonly Attempt[]): Attempt[][] {
  const chunks: Attempt[][] = [];
  for (let start = 0; start < attempts.length || start === 0; start += settleChunk) {
    chunks.push(attempts.slice(start, start + settleChunk));
  }
  return chunks;
}
