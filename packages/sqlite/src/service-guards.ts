import {
  acquireTurns,
  breakerStateOf,
  cancelTurns,
  changeGuardLimit,
  configureGuard,
  confirmTurns,
  forceGuardOpen,
  freshGuard,
  type GuardState,
  guardView,
  recordCalls,
  resetGuard,
  type ServiceGuards,
} from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { GuardTable } from "./guard-table.ts";
import type { ParkedLines } from "./parked-lines.ts";
import type { ServiceCallTable } from "./service-call-table.ts";
import type { ServiceHub } from "./service-hub.ts";
import type { ServiceStateTable } from "./service-state-table.ts";
import type { Transaction } from "./transaction.ts";

type Parts = {
  commits: CommitQueue;
  guards: GuardTable;
  lines: ParkedLines;
  serviceStates: ServiceStateTable;
  serviceCalls: ServiceCallTable;
  serviceHub: ServiceHub;
  now: () => number;
};

/** The rules of core, each step in a transaction. */
export function createServiceGuards(parts: Parts): ServiceGuards {
  const { commits, guards, lines, serviceStates, serviceCalls, serviceHub, now } = parts;

  function change<T>(service: string, step: (guard: GuardState, transaction: Transaction) => T): Promise<T> {
    return commits.write((transaction) => {
      const guard = guards.find(service) ?? freshGuard();
      const answer = step(guard, transaction);
      if (guard.limiter.isLineStale) lines.mark(service);
      guard.limiter.isLineStale = false;
      guards.save(service, guard);
      return answer;
    });
  }

  return {
    configure: (policy) =>
      change(policy.service, (guard, transaction) =>
        configureGuard(guard, policy, stepOf(policy.service, transaction)),
      ),

    acquire: (policy, requests, maxWaitMs) =>
      change(policy.service, (guard, transaction) => {
        const step = { policy, ...stepOf(policy.service, transaction) };
        const answers = acquireTurns(guard, { requests, maxWaitMs }, step);
        return { answers, breaker: breakerStateOf(guard.breaker, step.now) };
      }),

    confirm: (policy, turns, maxWaitMs) =>
      change(policy.service, (guard, transaction) => {
        const step = { policy, ...stepOf(policy.service, transaction) };
        const answers = confirmTurns(guard, { turns, maxWaitMs }, step);
        return { answers, breaker: breakerStateOf(guard.breaker, step.now) };
      }),

    cancel: (policy, turns) => change(policy.service, (guard) => cancelTurns(guard, turns)),

    record: (policy, calls) =>
      change(policy.service, (guard, transaction) => {
        const { service } = policy;
        recordCalls(guard, calls, { policy, ...stepOf(service, transaction) });
        serviceCalls.add(service, calls, transaction.now);
        for (const call of calls) serviceStates.noteCall(service, call, transaction.now);
        return breakerStateOf(guard.breaker, transaction.now);
      }),

    async read(service) {
      commits.assertOpen();
      const guard = guards.find(service);
      return guard === null ? null : guardView(service, guard, now());
    },

    async list() {
      commits.assertOpen();
      const at = now();
      return guards.list().map(({ service, guard }) => guardView(service, guard, at));
    },

    forceOpen: (service) =>
      change(service, (guard, transaction) => {
        forceGuardOpen(guard, stepOf(service, transaction));
        return breakerStateOf(guard.breaker, transaction.now);
      }),

    reset: (service) =>
      change(service, (guard, transaction) => {
        resetGuard(guard, stepOf(service, transaction));
        return breakerStateOf(guard.breaker, transaction.now);
      }),

    changeLimit: (service, limit) =>
      change(service, (guard, transaction) => changeGuardLimit(guard, limit, stepOf(service, transaction))),

    async subscribe(listener) {
      commits.assertOpen();
      const end = serviceHub.listen(listener);
      return { close: async () => end() };
    },
  };
}

function stepOf(service: string, { now, serviceEvents }: Transaction) {
  return { service, now, events: serviceEvents };
}
