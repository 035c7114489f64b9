/** Claiming, settling and extending: the worker's side of the store. */
import type {
  ClaimedTask,
  ClaimRequest,
  ContentKind,
  ExtendOutcome,
  ExtendRequest,
  Lease,
  ParkedFor,
  Settlement,
  SettleOutcome,
  SettleRequest,
  TaskLeases,
} from "@workstream/core";
import { isErrorCode, maxErrorLength, messageFingerprint, timeOfTaskId } from "@workstream/core";
import type { RedisInputs } from "./input-store.ts";
import type { ScriptCall } from "./script-loader.ts";
import type { ReplyOf } from "./scripts.ts";
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

  async claimAfterWait(
    request: ClaimRequest,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ClaimedTask[]> {
    const queues = Object.keys(request.queues);
    if (!this.#waitingClaims.isPossible) {
      await this.#wakeUps.wait(queues, timeoutMs, signal);
      return this.claim(request);
    }
    return this.#claim(request, (call) => this.#waitingClaims.run(call, { queues, timeoutMs, signal }));
  }

  async #claim(
    request: ClaimRequest,
    run: (call: ScriptCall<"claim">) => Promise<ReplyOf<"claim">>,
  ): Promise<ClaimedTask[]> {
    try {
      const [, claimed] = await run({ args: claimArgs(request), keys: this.#claimKeys(request) });
      return await this.#readClaimed(claimed);
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
    const records = attempts.map(attemptRecord);
    const [, outcomes] = await this.#link.scripts.run("settle", { args: { workerId }, records, keys });
    return { outcomes, claimed: [] };
  }

  async #settleAndClaim(attempts: readonly SettleRequest[], next: ClaimRequest) {
    const keys = [...this.#attemptKeys(next.workerId, attempts), ...this.#claimKeys(next)];
    const records = attempts.map(attemptRecord);
    const [, outcomes, claimed] = await this.#link.scripts.run("settle-and-claim", {
      args: claimArgs(next),
      records,
      keys,
    });
    return { outcomes, claimed: await this.#readClaimed(claimed) };
  }

  async extend(
    workerId: string,
    leases: readonly ExtendRequest[],
    leaseMs: number,
  ): Promise<ExtendOutcome[]> {
    if (leases.length === 0) return [];
    const [, outcomes] = await this.#link.scripts.run("extend", {
      args: { workerId, leaseMs },
      records: leases.map(({ id, token, progress = "" }) => ({ id, token, progress })),
      keys: leases.map(({ id }) => this.#link.keys.task(id)),
    });
    return outcomes;
  }

  async recover(workerId: string, knownIds: readonly string[]): Promise<number> {
    const [, count] = await this.#link.scripts.run("recover", {
      args: { workerId },
      records: knownIds.map((id) => ({ id })),
      keys: [this.#link.keys.workerTasks(workerId)],
    });
    return count;
  }

  waitForWork(queues: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.#wakeUps.wait(queues, timeoutMs, signal);
  }

  /** A Cluster must know the keys beforehand; for a single server they would only be more to read. */
  #attemptKeys(workerId: string, attempts: readonly Lease[]): string[] {
    const { keys, isCluster } = this.#link;
    const worker = keys.workerTasks(workerId);
    return isCluster ? [worker, ...attempts.map(({ id }) => keys.task(id))] : [worker];
  }

  #claimKeys({ workerId, queues }: ClaimRequest): string[] {
    const { keys } = this.#link;
    const lanes = Object.keys(queues).flatMap((queue) => Object.values(keys.lanes(queue)));
    return [keys.workerTasks(workerId), ...lanes];
  }

  /** Long text is fetched into place. When that fails the claim stands, and its caller must `recover`. */
  async #readClaimed(values: readonly string[]): Promise<ClaimedTask[]> {
    const tasks: ClaimedTask[] = [];
    const long: ClaimedTask[] = [];
    for (let at = 0; at + 4 < values.length; at += 5) {
      const { task, hasInput } = readClaimedTask(values, at);
      tasks.push(task);
      if (hasInput && task.contentKind !== "file") long.push(task);
    }
    if (long.length > 0) await this.#inputs.fillIn(long);
    return tasks;
  }
}

function claimArgs({ workerId, leaseMs, limit, queues, retryRatio }: ClaimRequest) {
  return {
    workerId,
    leaseMs,
    claimLimit: Math.min(limit, maxClaim),
    shareNormal: Math.round(retryRatio.normal * 1_000),
    shareWarning: retryRatio.warningDepth,
    shareCritical: retryRatio.criticalDepth,
    queues: Object.entries(queues)
      .map(([queue, count]) => `${queue}=${Math.max(0, Math.floor(count))}`)
      .join(","),
  };
}

function attemptRecord({ id, type = "", token, settlement }: SettleRequest) {
  return { id, type, token, ...settlementRecord(settlement) };
}

const failKinds = { SCHEDULED: "back_off", DLQ: "bury", FAILED: "rest" } as const;

function settlementRecord(settlement: Settlement) {
  switch (settlement.kind) {
    case "complete":
      return { ending: "complete", text: settlement.result };
    case "cancel":
      return { ending: "cancel,,0", text: settlement.reason };
    case "release":
      return { ending: "release,,0", text: "" };
    case "snooze":
      return {
        ending: `${settlement.isParked ? "park" : "snooze"},,${settlement.delayMs}`,
        text: parkingText(settlement.parking),
      };
    case "fail": {
      const { error, errorType, next } = settlement;
      const delayMs = next.to === "SCHEDULED" ? next.delayMs : 0;
      const text = error.slice(0, maxErrorLength);
      const message = next.to === "DLQ" ? messageFingerprint(text) : "";
      return { ending: `${failKinds[next.to]},${errorType},${delayMs},${message}`, text };
    }
  }
}

/** A line each: name, cost, tokens, free failures and the sentence (lua/lib/joining.lua). */
function parkingText(parking: ParkedFor | undefined): string {
  if (!parking) return "";
  const { name, why, cost = 1, tokens = 0, freeFailures = 0 } = parking;
  return [name, cost, tokens, freeFailures, why].join("\n");
}

/** Five values: id, type, content, metadata and the short facts (lua/lib/claiming.lua). */
function readClaimedTask(values: readonly string[], at: number): { task: ClaimedTask; hasInput: boolean } {
  const facts = (values[at + 4] ?? "").split(",");
  const hasInput = facts[4] === "1";
  return { task: facts.length === 4 ? plainTask(values, at, facts) : otherTask(values, at, facts), hasInput };
}

/**
 * A plain task is claimed for the first time: its id tells when it was created, its token the microsecond of now.
 *
 * One literal: put together from parts by spreading, the object took 3 µs.
 */
function plainTask(values: readonly string[], at: number, facts: readonly string[]): ClaimedTask {
  const id = values[at] ?? "";
  const token = facts[0] ?? "";
  const createdAt = timeOfTaskId(id) ?? 0;
  const claimedAt = Math.floor(Number(token) / 1_000);
  return {
    id,
    token,
    type: values[at + 1] ?? "",
    queue: facts[1] ?? "",
    contentKind: facts[2] as ContentKind,
    content: values[at + 2] ?? "",
    metadata: values[at + 3] ?? "{}",
    attempt: 1,
    retryCount: 0,
    maxRetries: Number(facts[3]),
    timeoutMs: null,
    createdAt,
    claimedAt,
    ageMs: Math.max(0, claimedAt - createdAt),
    wasParked: false,
    freeFailures: 0,
  };
}

function otherTask(values: readonly string[], at: number, facts: readonly string[]): ClaimedTask {
  const [token = "", queue = "", kind, maxRetries, , ...rest] = facts;
  const [retryCount = 0, lost = 0, timeoutMs = 0, createdAt = 0, dueAt = 0, claimedAt = 0, ...parked] =
    rest.map(Number);
  const [wasParked = 0, freeFailures = 0] = parked;
  return {
    id: values[at] ?? "",
    token,
    type: values[at + 1] ?? "",
    queue,
    contentKind: kind as ContentKind,
    content: values[at + 2] ?? "",
    metadata: values[at + 3] ?? "{}",
    attempt: retryCount + lost + 1,
    retryCount,
    maxRetries: Number(maxRetries),
    timeoutMs: rest[2] === "" ? null : timeoutMs,
    createdAt,
    claimedAt,
    ageMs: Math.max(0, claimedAt - dueAt),
    wasParked: wasParked === 1,
    freeFailures,
  };
}
