import type { ClaimedTask, Settlement, SettleOutcome } from "@workstream/core";
import { jittered } from "../backoff.ts";
import type { RunTimes } from "../claiming/run-times.ts";
import type { Leaseholder } from "../claiming/settler.ts";
import type { Slots } from "../claiming/slots.ts";
import type { Clock } from "../clock.ts";
import type { AbortReason } from "../definition/task-context.ts";
import type { TaskDefinition } from "../definition/task-definition.ts";
import type { Logger } from "../logger.ts";
import { Antechamber } from "./antechamber.ts";
import { Attempt } from "./attempt.ts";
import { AttemptContext, type ContextParts } from "./attempt-context.ts";
import type { AttemptExtras } from "./attempt-extras.ts";
import type { Attempts } from "./attempts.ts";
import { errorText } from "./failure.ts";
import { type Ending, runHandler } from "./run-handler.ts";
import { type SettlementRules, settlementOf, settlementOfAborted } from "./settlement.ts";
import { isSuspect, Suspects } from "./suspects.ts";

export type RunnerParts = {
  definitions: ReadonlyMap<string, TaskDefinition>;
  /** Attempts whose settlement is not answered yet; the runner alone adds to it and takes from it. */
  attempts: Attempts;
  slots: Pick<Slots, "hasRoom" | "occupy" | "vacate">;
  runTimes: RunTimes;
  inputs: ContextParts["inputs"];
  extras: AttemptExtras;
  clock: Clock;
  logger: Logger;
  maxTaskAgeMs: number;
  maxLostWorkers: number;
  /** Watches the deadline of an attempt, now or when it has moved. */
  watch(attempt: Attempt): void;
  onProgress(attempt: Attempt): void;
  /** Resolves when the progress reported until now was sent, or could not be. */
  flushProgress(): Promise<void>;
  /** Resolves when the store was told that the attempt begins (`attempt.record`), or could not be. */
  putOnRecord(attempt: Attempt): Promise<void>;
  settle(holder: Leaseholder, settlement: Settlement): void;
  /** An attempt ended with nothing to settle. */
  freeSlot(attempt: Attempt): void;
};

/** How long a handler may go on after its signal was aborted before its slot is taken from it. */
export const abortGraceMs = 5000;
/** A task of an unknown type waits this long for a worker that knows it. */
const unknownTypeDelayMs = 5000;
/** A task that its type's concurrency, or one that may take the worker down, leaves no room for. */
const noRoomDelayMs = 2000;

/** Runs handlers: from a claimed task to the settlement of its attempt. */
export class AttemptRunner {
  readonly #parts: RunnerParts;
  readonly #contextParts: ContextParts;
  readonly #antechamber: Antechamber;
  readonly #suspects: Suspects;
  #isClosed = false;
  completed = 0;
  failed = 0;

  constructor(parts: RunnerParts) {
    const { inputs, extras, logger, onProgress, slots, runTimes, clock } = parts;
    this.#parts = parts;
    this.#suspects = new Suspects(parts);
    this.#contextParts = { inputs, extras, logger, onProgress };
    this.#antechamber = new Antechamber({
      ...{ slots, runTimes, clock },
      begin: (attempt) => this.#begin(attempt),
      handBack: (attempt) => this.#handBack(attempt),
    });
  }

  /** Attempts that were claimed ahead of a slot and wait for one. */
  get waiting(): number {
    return this.#antechamber.size;
  }

  /** Runs what was claimed, as soon as slots are free; at once when it has some of those kept for high priority. */
  start(tasks: readonly ClaimedTask[], isInKeptSlot: boolean): void {
    let begun = 0;
    for (; begun < tasks.length && !this.#isClosed; begun += 1) {
      this.#start(tasks[begun] as ClaimedTask, isInKeptSlot);
    }
    // Each goes to the head of its queue: the last one first.
    for (const task of tasks.slice(begun).reverse()) {
      this.#parts.settle({ task, isInKeptSlot }, { kind: "release" });
    }
  }

  #start(task: ClaimedTask, isInKeptSlot: boolean): void {
    const definition = this.#parts.definitions.get(task.type);
    if (!definition) this.#sendBack({ task, isInKeptSlot }, unknownTypeDelayMs);
    else this.#admit(task, definition, isInKeptSlot);
  }

  /** Starts no more handlers: what waits, and what still arrives, is handed back. */
  close(): void {
    this.#isClosed = true;
    this.#antechamber.handBackAll();
  }

  /** Stops the timers. */
  stop(): void {
    this.#antechamber.stop();
  }

  /** The attempt is past its deadline: first it is aborted, and if it goes on all the same, given up. */
  deadlinePassed(attempt: Attempt): void {
    if (attempt.abortReason === null) this.abort(attempt, "timeout");
    else this.giveUp(attempt);
  }

  abort(attempt: Attempt, reason: AbortReason, graceMs = abortGraceMs): void {
    if (reason === "cancelled" || reason === "lease_lost") attempt.revoke(reason);
    else attempt.abort(reason);
    if (attempt.isWaiting) {
      this.#dropWaiting(attempt);
      return;
    }
    attempt.deadlineAt = this.#parts.clock.nowMs() + graceMs;
    this.#parts.watch(attempt);
    const { id, type } = attempt.task;
    this.#parts.logger.info({ taskId: id, taskType: type, reason }, "attempt aborted");
  }

  /** Ends an aborted attempt whose handler ignores its signal. The handler goes on, with nobody listening. */
  giveUp(attempt: Attempt): void {
    if (attempt.isOver) return;
    const { id, type } = attempt.task;
    const reason = attempt.abortReason;
    this.#parts.logger.warn({ taskId: id, taskType: type, reason }, "the handler ignores its abort signal");
    const rules = this.#endNow(attempt);
    this.#parts.extras.giveUp(attempt);
    if (attempt.isRevoked) this.#drop(attempt);
    else this.#parts.settle(attempt, settlementOfAborted(attempt, rules));
    this.#vacate(attempt);
  }

  /** What the store said of a settlement. */
  settled(holder: Leaseholder, settlement: Settlement, outcome: SettleOutcome): void {
    const isOwn = holder instanceof Attempt && this.#parts.attempts.delete(holder);
    if (outcome === "settled") {
      if (isOwn && settlement.kind === "complete") this.#completed(holder);
      if (isOwn && settlement.kind === "fail") this.failed += 1;
      return;
    }
    const facts = {
      taskId: holder.task.id,
      taskType: holder.task.type,
      outcome,
      settlement: settlement.kind,
    };
    this.#parts.logger.warn(facts, "the lease was lost; the outcome of the attempt is dropped");
  }

  /** A task that has taken a worker down may do so again, with all that waits beside it. */
  #admit(task: ClaimedTask, definition: TaskDefinition, isInKeptSlot: boolean): void {
    if (isSuspect(task)) this.#parts.runTimes.restart();
    const attempt = new Attempt(task, definition, this.#parts.clock.nowMs(), isInKeptSlot);
    this.#parts.attempts.add(attempt);
    if (isInKeptSlot) this.#begin(attempt);
    else this.#antechamber.admit(attempt);
  }

  /** Its handler ended, or was given up. */
  #vacate({ isInKeptSlot }: Attempt): void {
    if (!isInKeptSlot) this.#antechamber.vacate();
  }

  #begin(attempt: Attempt): void {
    if (this.#isCrowded(attempt) || this.#suspects.mustStandBack(attempt)) {
      attempt.isOver = true;
      this.#sendBack(attempt, noRoomDelayMs);
      this.#vacate(attempt);
      return;
    }
    this.#parts.watch(attempt);
    void (this.#suspects.needsRecord(attempt) ? this.#runOnRecord(attempt) : this.#run(attempt));
  }

  /** What the store could not be told of does not begin: lost with this worker, it would seem never to have run. */
  async #runOnRecord(attempt: Attempt): Promise<void> {
    await this.#parts.putOnRecord(attempt);
    if (attempt.isOver) return;
    if (attempt.record === "made" && attempt.abortReason === null) {
      attempt.begin(this.#parts.clock.nowMs());
      this.#parts.watch(attempt);
      return this.#run(attempt);
    }
    attempt.isOver = true;
    if (attempt.isRevoked) this.#drop(attempt);
    else if (attempt.abortReason === null) this.#sendBack(attempt, noRoomDelayMs);
    else this.#parts.settle(attempt, { kind: "release" });
    this.#vacate(attempt);
  }

  async #run(attempt: Attempt): Promise<void> {
    const context = new AttemptContext(attempt, this.#contextParts);
    const ending = await runHandler(attempt, context, this.#parts.extras.around(attempt));
    if (attempt.isOver) return;
    if (attempt.hasReported && !attempt.isRevoked) await this.#parts.flushProgress();
    if (attempt.output) await attempt.output.send();
    this.#end(attempt, ending);
  }

  #end(attempt: Attempt, ending: Ending): void {
    if (attempt.isOver) return;
    const rules = this.#endNow(attempt);
    if (attempt.isRevoked) {
      this.#drop(attempt);
    } else {
      const settlement = this.#settlement(attempt, ending, rules);
      if (settlement.kind === "fail") this.#logFailure(attempt, settlement);
      this.#parts.settle(attempt, settlement);
    }
    this.#vacate(attempt);
  }

  #endNow(attempt: Attempt): SettlementRules {
    const endedAt = this.#parts.clock.nowMs();
    attempt.isOver = true;
    this.#parts.runTimes.note(attempt.task.queue, attempt.definition, endedAt - attempt.startedAt);
    return { endedAt, maxTaskAgeMs: this.#parts.maxTaskAgeMs };
  }

  /** Whatever a handler threw, it must not take the worker down: the next one would meet it too. */
  #settlement(attempt: Attempt, ending: Ending, rules: SettlementRules): Settlement {
    try {
      return settlementOf(attempt, ending, rules);
    } catch (error) {
      return { kind: "fail", error: errorText(error), errorType: "PermanentError", next: { to: "DLQ" } };
    }
  }

  #completed(attempt: Attempt): void {
    this.completed += 1;
    if (attempt.steps) void attempt.steps.forget();
  }

  #drop(attempt: Attempt): void {
    this.#parts.attempts.delete(attempt);
    this.#parts.freeSlot(attempt);
  }

  #dropWaiting(attempt: Attempt): void {
    attempt.isOver = true;
    this.#antechamber.remove(attempt);
    this.#drop(attempt);
  }

  #handBack(attempt: Attempt): void {
    attempt.isOver = true;
    this.#parts.settle(attempt, { kind: "release" });
  }

  /** Back to where it waits, with no attempt used up. */
  #sendBack(holder: Leaseholder, delayMs: number): void {
    const { task } = holder;
    this.#parts.logger.debug({ taskId: task.id, taskType: task.type }, "this worker can't run the task now");
    const settlement: Settlement = {
      kind: "snooze",
      delayMs: Math.round(jittered(delayMs, 0.1)),
      isParked: false,
    };
    this.#parts.settle(holder, settlement);
  }

  /** Its own queue keeps a bounded type in bounds; a task put on another queue must be met here. */
  #isCrowded({ definition }: Attempt): boolean {
    if (definition.concurrency === null) return false;
    let running = 0;
    for (const { definition: other, isOver, isWaiting } of this.#parts.attempts) {
      if (other === definition && !isOver && !isWaiting) running += 1;
    }
    return running > definition.concurrency;
  }

  #logFailure({ task }: Attempt, { error, errorType, next }: Extract<Settlement, { kind: "fail" }>): void {
    const facts = { taskId: task.id, taskType: task.type, attempt: task.attempt, error, errorType, next };
    this.#parts.logger.warn(facts, "attempt failed");
  }
}
