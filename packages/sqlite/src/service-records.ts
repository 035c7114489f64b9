import type { CreditThresholds, ServiceRecords } from "@workstream/core";
import type { CommitQueue } from "./commit-queue.ts";
import type { GuardTable } from "./guard-table.ts";
import type { ServiceCallTable } from "./service-call-table.ts";
import type { CreditsLevel, ServiceStateTable } from "./service-state-table.ts";
import type { Transaction } from "./transaction.ts";

type Parts = {
  commits: CommitQueue;
  guards: GuardTable;
  serviceStates: ServiceStateTable;
  serviceCalls: ServiceCallTable;
  now: () => number;
};

type Balance = { balance: number; thresholds: CreditThresholds };

const levels: readonly CreditsLevel[] = ["ok", "warning", "critical"];

export function createServiceRecords(parts: Parts): ServiceRecords {
  const { commits, guards, serviceStates, serviceCalls, now } = parts;
  /** Who checks a service and until when: of this process alone, like the store itself. */
  const checks = new Map<string, number>();

  function noteBalance(service: string, { balance, thresholds }: Balance, transaction: Transaction): void {
    const { now: at, serviceEvents } = transaction;
    const usage = serviceStates.find(service)?.usageMonth ?? 0;
    serviceStates.addCredits(service, { at, balance, usage });
    const level = levelOf(balance, thresholds);
    const before = serviceStates.setCreditsLevel(service, level);
    if (level === "ok" || levels.indexOf(level) <= levels.indexOf(before)) return;
    serviceEvents.push({ type: "credits_low", service, level, balance, at });
  }

  return {
    async readState(service) {
      commits.assertOpen();
      return serviceStates.find(service);
    },

    writeCheck: (service, check, thresholds) =>
      commits.write((transaction) => {
        const { balance } = check;
        guards.makeKnown(service);
        serviceStates.noteCheck(service, check, transaction.now);
        if (balance !== null) noteBalance(service, { balance, thresholds }, transaction);
      }),

    async beginCheck(service, leaseMs) {
      commits.assertOpen();
      const at = now();
      if ((checks.get(service) ?? 0) > at) return false;
      checks.set(service, at + leaseMs);
      return true;
    },

    async endCheck(service) {
      commits.assertOpen();
      checks.delete(service);
    },

    async metrics(service, days) {
      commits.assertOpen();
      return serviceCalls.list(service, days, now());
    },

    async creditsHistory(service) {
      commits.assertOpen();
      return serviceStates.creditsHistory(service, now());
    },
  };
}

function levelOf(balance: number, { warning, critical }: CreditThresholds): CreditsLevel {
  if (balance < critical) return "critical";
  return balance < warning ? "warning" : "ok";
}
