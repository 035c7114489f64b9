/**
 * Claiming, settling and extending over all partitions.
 *
 * A claim asks them in turn (claim-turns.ts), each for what is still missing, so that none starves and an empty one leaves its
 * slots to the others. What is settled goes to the partitions of the tasks, all at once. The attempts of a partition that does
 * not answer are `unanswered`, and the others go on. One that is known to be away costs no time. One that freezes holds up the
 * call that meets it for a command timeout (5 s); then its connection is built anew, and meanwhile it counts as away.
 *
 * Several may freeze at once. So no partition is asked for tasks when a call is older than 4 s: it ends while the worker still
 * waits for it (10 s), and nothing is claimed for a worker that has given the call up.
 */
import type {
  ClaimedTask,
  ClaimRequest,
  ExtendOutcome,
  ExtendRequest,
  Lease,
  SettleOutcome,
  SettleRequest,
  TaskLeases,
  Unanswered,
} from "@workstream/core";
import { ClaimTurns } from "./claim-turns.ts";
import type { Partition, PartitionSet } from "./partition-set.ts";
import { type Settled, WorkerGate } from "./worker-gate.ts";

/** What goes to one partition, with its places in the whole. */
type Part<T> = { partition: Partition; items: T[]; places: number[] };

/** `isAnswered`: one of those that were asked has answered, be it with nothing. */
type Claimed = { claimed: ClaimedTask[]; errors: unknown[]; isAnswered: boolean };

/** With the command timeout behind it, it is less than the deadline of a worker's calls. */
const asksForMs = 4_000;

const nothingAsked: Claimed = { claimed: [], errors: [], isAnswered: false };

export class PartitionedLeases implements TaskLeases {
  readonly #partitions: PartitionSet;
  readonly #turns: ClaimTurns;
  readonly #gates = new Map<string, WorkerGate[]>();

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
    this.#turns = new ClaimTurns(partitions.count);
  }

  async claim(request: ClaimRequest): Promise<ClaimedTask[]> {
    const order = this.#turns.order([], request.limit);
    const { claimed, errors, isAnswered } = await this.#claimFrom(order, request, asksUntil());
    if (!isAnswered && errors.length > 0) throw errors[0];
    return claimed;
  }

  async settle(workerId: string, attempts: readonly SettleRequest[], next?: ClaimRequest): Promise<Settled> {
    const until = asksUntil();
    const parts = this.#partsOf(attempts);
    const visited = parts.map(({ partition }) => partition.index);
    const order = next ? this.#turns.order(visited, next.limit) : [];
    const [first] = order;
    const isAlone = first !== undefined && !visited.includes(first);
    const [answers, apart] = await Promise.all([
      Promise.allSettled(parts.map((part) => this.#settlePart(workerId, part, first, next))),
      next && isAlone ? this.#claimFrom([first], next, until) : nothingAsked,
    ]);
    const claimed = [...apart.claimed];
    for (const answer of answers) if (answer.status === "fulfilled") claimed.push(...answer.value.claimed);
    const outcomes = await this.#inOrder(workerId, attempts, parts, answers);
    let isAnswered = apart.isAnswered || answers.some(({ status }) => status === "fulfilled");
    if (next) {
      // Where something came since, a token wakes the next claim; but not one whose own partition is away.
      const isAway = apart.errors.length > 0 || answers[visited.indexOf(first ?? -1)]?.status === "rejected";
      const rest = order.slice(1).filter((index) => isAway || !this.#turns.isEmpty(index));
      const others = await this.#claimFrom(rest, lessOf(next, claimed), until);
      claimed.push(...others.claimed);
      isAnswered ||= others.isAnswered;
    }
    // Once one has answered, what it gave must not be lost: the attempts of the others are `unanswered`.
    const failed = answers.find((answer) => answer.status === "rejected");
    if (failed && !isAnswered) throw failed.reason;
    return { outcomes, claimed };
  }

  async extend(
    workerId: string,
    leases: readonly ExtendRequest[],
    leaseMs: number,
  ): Promise<(ExtendOutcome | Unanswered)[]> {
    const parts = this.#partsOf(leases);
    const gates = this.#gatesOf(workerId);
    const ask = async ({ partition, items }: Part<ExtendRequest>) =>
      (await gates[partition.index]?.extend(items, leaseMs)) ?? [];
    const answers = await Promise.allSettled(parts.map(ask));
    const [first] = answers;
    if (first?.status === "rejected" && answers.every(({ status }) => status === "rejected"))
      throw first.reason;
    const outcomes = Array<ExtendOutcome | Unanswered>(leases.length).fill("unanswered");
    answers.forEach((answer, at) => {
      if (answer.status === "fulfilled") place(outcomes, parts[at], answer.value);
    });
    const extendAt = async (partition: Partition, lease: ExtendRequest) =>
      (await partition.stores.tasks.extend(workerId, [lease], leaseMs))[0] ?? "not_found";
    return this.#lookedFor(leases, outcomes, extendAt);
  }

  async recover(workerId: string, known: readonly Lease[]): Promise<number> {
    const gates = this.#gatesOf(workerId);
    const parts = this.#partsOf(known);
    const counts = await this.#partitions.mapAnswering(({ index }) => {
      const own = parts.find(({ partition }) => partition.index === index);
      return gates[index]?.recover(own?.items ?? []) ?? Promise.resolve(0);
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Waits on all at once. What the others wait for goes on, and is given back or heard by the next wait. */
  async waitForWork(
    queues: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
    lane?: "high",
  ): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const waits = this.#partitions.all.map(async ({ index, stores }) => {
      await stores.tasks.waitForWork(queues, timeoutMs, either, lane);
      return index;
    });
    try {
      this.#turns.expectWork(await Promise.any(waits));
    } catch (error) {
      throw error instanceof AggregateError ? error.errors[0] : error;
    } finally {
      over.abort();
    }
  }

  /** Two steps: whose token comes first is not known beforehand. */
  async claimAfterWait(
    request: ClaimRequest,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<ClaimedTask[]> {
    await this.waitForWork(Object.keys(request.queues), timeoutMs, signal, request.lane);
    return this.claim(request);
  }

  /** @param until when no further one is asked, on the monotonic clock */
  async #claimFrom(order: readonly number[], request: ClaimRequest, until: number): Promise<Claimed> {
    const claimed: ClaimedTask[] = [];
    const errors: unknown[] = [];
    let isAnswered = false;
    const gates = this.#gatesOf(request.workerId);
    for (const index of order) {
      const rest = lessOf(request, claimed);
      if (rest.limit <= 0 || performance.now() > until) break;
      try {
        const tasks = (await gates[index]?.claim(rest, until)) ?? [];
        isAnswered = true;
        this.#note(index, rest, tasks);
        claimed.push(...tasks);
      } catch (error) {
        this.#turns.noteAway(index);
        errors.push(error);
      }
    }
    return { claimed, errors, isAnswered };
  }

  async #settlePart(
    workerId: string,
    { partition, items }: Part<SettleRequest>,
    first: number | undefined,
    next: ClaimRequest | undefined,
  ): Promise<Settled> {
    const { index } = partition;
    const request = index === first ? next : undefined;
    const gate = this.#gatesOf(workerId)[index];
    if (!gate) return { outcomes: [], claimed: [] };
    try {
      const settled = await gate.settle(items, request);
      if (request) this.#note(index, request, settled.claimed);
      return settled;
    } catch (error) {
      this.#turns.noteAway(index);
      throw error;
    }
  }

  /** A high lane that gave little says nothing of the others. */
  #note(index: number, request: ClaimRequest, tasks: readonly ClaimedTask[]): void {
    if (!request.lane) this.#turns.note(index, request.limit, tasks.length);
    else if (tasks.length > 0) this.#turns.note(index, tasks.length, tasks.length);
    for (const { id } of tasks) this.#partitions.note(id, this.#partitions.at(index));
  }

  /** Outcomes in the order of the attempts. */
  #inOrder(
    workerId: string,
    attempts: readonly SettleRequest[],
    parts: readonly Part<SettleRequest>[],
    answers: readonly PromiseSettledResult<Settled>[],
  ): Promise<(SettleOutcome | Unanswered)[]> {
    const outcomes = Array<SettleOutcome | Unanswered>(attempts.length).fill("unanswered");
    answers.forEach((answer, at) => {
      if (answer.status === "fulfilled") place(outcomes, parts[at], answer.value.outcomes);
    });
    return this.#lookedFor(attempts, outcomes, async (partition, attempt) => {
      const answer = await partition.stores.tasks.settle(workerId, [attempt]);
      return answer.outcomes[0] ?? "not_found";
    });
  }

  /** What is not where its id says is looked for everywhere. */
  async #lookedFor<T extends { id: string }, Outcome extends string>(
    items: readonly T[],
    outcomes: (Outcome | "not_found")[],
    ask: (partition: Partition, item: T) => Promise<Outcome | "not_found">,
  ): Promise<(Outcome | "not_found")[]> {
    for (const [index, item] of items.entries()) {
      if (outcomes[index] !== "not_found") continue;
      const first = this.#partitions.of(item.id);
      const askOthers = async (partition: Partition) =>
        partition === first ? "not_found" : ask(partition, item);
      outcomes[index] = await this.#partitions
        .find(item.id, askOthers, (outcome) => outcome !== "not_found")
        .catch(() => "not_found" as const);
    }
    return outcomes;
  }

  #partsOf<T extends { id: string }>(items: readonly T[]): Part<T>[] {
    const parts = new Map<number, Part<T>>();
    items.forEach((item, at) => {
      const partition = this.#partitions.of(item.id);
      const part = parts.get(partition.index) ?? { partition, items: [], places: [] };
      parts.set(partition.index, part);
      part.items.push(item);
      part.places.push(at);
    });
    return [...parts.values()];
  }

  #gatesOf(workerId: string): WorkerGate[] {
    const known = this.#gates.get(workerId);
    if (known) return known;
    const gates = this.#partitions.all.map((partition) => new WorkerGate(partition.stores.tasks, workerId));
    this.#gates.set(workerId, gates);
    return gates;
  }
}

function asksUntil(): number {
  return performance.now() + asksForMs;
}

/** What is left of a request when these tasks were taken. */
function lessOf(request: ClaimRequest, taken: readonly ClaimedTask[]): ClaimRequest {
  if (taken.length === 0) return request;
  const queues = { ...request.queues };
  for (const { queue } of taken) {
    const count = queues[queue];
    if (count !== undefined) queues[queue] = count - 1;
  }
  const open = Object.entries(queues).filter(([, count]) => count > 0);
  const limit = open.length === 0 ? 0 : request.limit - taken.length;
  return { ...request, limit, queues: Object.fromEntries(open) };
}

function place<T>(all: T[], part: Part<unknown> | undefined, outcomes: readonly T[]): void {
  part?.places.forEach((at, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined) all[at] = outcome;
  });
}
