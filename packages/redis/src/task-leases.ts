/** Claiming, settling and extending: the worker's side of the store. */
import {
  type ClaimedTask,
  type ClaimRequest,
  type ExtendOutcome,
  type ExtendRequest,
  isErrorCode,
  type Lease,
  type SettleOutcome,
  type SettleRequest,
  type TaskLeases,
  WorkstreamError,
} from "@workstream/core";
import { readClaimedRuns } from "./claimed-runs.ts";
import type { RedisInputs } from "./input-store.ts";
import { retryShareText } from "./retry-share.ts";
import type { ScriptCall } from "./script-loader.ts";
import type { ReplyOf } from "./scripts.ts";
import { attemptRuns, distinctAttempts, outcomesOf } from "./settle-runs.ts";
import type { StoreLink } from "./store-link.ts";
import { WaitingClaims } from "./waiting-claims.ts";
import type { WakeUps } from "./wake-ups.ts";

/** A claim of 1,000 holds Redis for some 10 ms. */
const maxClaim = 1_000;

export class RedisLeases implements TaskLeases {
  readonly #link: StoreLink;
  readonly #inputs: RedisInputs;
  readonly #wakeUps: WakeUps;
  readonly #waitingClaims: WaitingClaims;

  constructor(link: StoreLink, inputs: RedisInputs, wakeUps: WakeUps) {
    this.#link = link;
    this.#inputs = inputs;
    this.#wakeUps = wakeUps;
    this.#waitingClaims = new WaitingClaims(link, wakeUps);
  }

  claim(request: ClaimRequest): Promise<ClaimedTask[]> {
    return this.#claim(request, (call) => this.#link.scripts.run("claim", call));
  }

  /** What an idle worker waits for, and a core that was asleep goes through: not a promise more than it takes. */
  claimAfterWait(request: ClaimRequest, timeoutMs: number, signal: AbortSignal): Promise<ClaimedTask[]> {
    const what = { queues: Object.keys(request.queues), lane: request.lane };
    return this.#waitingClaims.isPossible
      ? this.#claim(request, (call) => this.#waitingClaims.run(call, { ...what, timeoutMs, signal }))
      : this.#wakeUps.wait(what, timeoutMs, signal).then(() => this.claim(request));
  }

  async #claim(
    request: ClaimRequest,
    run: (call: ScriptCall<"claim">) => Promise<ReplyOf<"claim">>,
  ): Promise<ClaimedTask[]> {
    try {
      const [, claimed] = await run({ args: claimArgs(request), keys: this.#claimKeys(request) });
      const { tasks, long } = readClaimedRuns(claimed);
      if (long.length > 0) await this.#fillIn(long);
      return tasks;
    } catch (error) {
      if (isErrorCode(error, "store_full")) return [];
      throw error;
    }
  }

  async settle(
    workerId: string,
    attempts: readonly SettleRequest[],
    next?: ClaimRequest,
  ): Promise<{ outcomes: SettleOutcome[]; claimed: ClaimedTask[] }> {
    if (next) {
      try {
        return await this.#settleAndClaim(attempts, next);
      } catch (error) {
        if (!isErrorCode(error, "store_full")) throw error;
      }
    }
    const keys = this.#attemptKeys(workerId, attempts);
    const distinct = distinctAttempts(attempts);
    const trailing = attemptRuns(distinct);
    const [, unsettled] = await this.#link.scripts.run("settle", { args: { workerId }, trailing, keys });
    return { outcomes: outcomesOf(attempts, distinct, unsettled), claimed: [] };
  }

  async #settleAndClaim(attempts: readonly SettleRequest[], next: ClaimRequest) {
    const keys = [...this.#attemptKeys(next.workerId, attempts), ...this.#claimKeys(next)];
    const distinct = distinctAttempts(attempts);
    const [, unsettled, claimed] = await this.#link.scripts.run("settle-and-claim", {
      args: claimArgs(next),
      trailing: attemptRuns(distinct),
      keys,
    });
    const { tasks, long } = readClaimedRuns(claimed);
    if (long.length > 0) await this.#fillIn(long);
    return { outcomes: outcomesOf(attempts, distinct, unsettled), claimed: tasks };
  }

  async extend(
    workerId: string,
    leases: readonly ExtendRequest[],
    leaseMs: number,
  ): Promise<ExtendOutcome[]> {
    if (leases.length === 0) return [];
    const [, outcomes] = await this.#link.scripts.run("extend", {
      args: { workerId, leaseMs },
      records: leases.map(({ id, token, progress = "", hasBegun }) => {
        return { id, token, progress, begun: hasBegun ? "1" : "" };
      }),
      keys: leases.map(({ id }) => this.#link.keys.task(id)),
    });
    return outcomes;
  }

  async recover(workerId: string, known: readonly Lease[]): Promise<number> {
    const [, count] = await this.#link.scripts.run("recover", {
      args: { workerId },
      records: known.map(({ id, token }) => ({ id, token })),
      keys: [this.#link.keys.workerTasks(workerId)],
    });
    return count;
  }

  waitForWork(
    queues: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    lane?: "high",
  ): Promise<void> {
    return this.#wakeUps.wait({ queues, lane }, timeoutMs, signal);
  }

  /** A Cluster must know the keys beforehand; for a single server they would only be more to read. */
  #attemptKeys(workerId: string, attempts: readonly Lease[]): string[] {
    const { keys, isCluster } = this.#link;
    const worker = keys.workerTasks(workerId);
    return isCluster ? [worker, ...attempts.map(({ id }) => keys.task(id))] : [];
  }

  #claimKeys({ workerId, queues }: ClaimRequest): string[] {
    const { keys, isCluster } = this.#link;
    if (!isCluster) return [];
    const lanes = Object.keys(queues).flatMap((queue) => Object.values(keys.lanes(queue)));
    return [keys.workerTasks(workerId), ...lanes];
  }

  /**
   * Long text is fetched into place.
   * @throws outcome_unknown whatever went wrong: the claim stands, and its caller must `recover`
   */
  async #fillIn(long: ClaimedTask[]): Promise<void> {
    try {
      await this.#inputs.fillIn(long);
    } catch (cause) {
      throw new WorkstreamError("outcome_unknown", "The text of claimed tasks could not be read.", { cause });
    }
  }
}

function claimArgs({ workerId, leaseMs, limit, queues, retryRatio, lane }: ClaimRequest) {
  return {
    workerId,
    leaseMs,
    claimLimit: Math.min(limit, maxClaim),
    share: retryShareText(retryRatio),
    onlyLane: lane ?? "",
    queues: Object.entries(queues)
      .map(([queue, count]) => `${queue}=${Math.max(0, Math.floor(count))}`)
      .join(","),
  };
}
