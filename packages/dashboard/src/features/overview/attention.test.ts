// @vitest-environment jsdom
import type { ErrorGroup } from "@workstream/core";
import { beforeEach, describe, expect, it } from "vitest";
import { changePreferences } from "../../lib/preferences.ts";
import { listAttention } from "./attention.ts";
import {
  facts,
  fleetOf,
  limiter,
  queue,
  queuesOf,
  service,
  statusOf,
  worker,
} from "./system-facts.fixture.ts";
import type { SystemFacts } from "./system-facts.ts";

beforeEach(() => changePreferences({ timeZone: "UTC" }));

function titles(change: Partial<SystemFacts>): string[] {
  return listAttention(facts(change)).map(({ title }) => title);
}

function only(change: Partial<SystemFacts>) {
  const items = listAttention(facts(change));
  expect(items).toHaveLength(1);
  return items[0];
}

const group: ErrorGroup = {
  error_group: "g1",
  task_type: "pdfxtract",
  error_type: "PermanentError",
  message: "PdfEncrypted: password required",
  count: 31,
  first_seen_at: "2026-01-01T00:00:00.000Z",
  last_seen_at: "2026-01-01T00:00:00.000Z",
  sample_task_ids: [],
};

describe("what needs attention", () => {
  it("is nothing in a system that is well", () => {
    expect(listAttention(facts())).toEqual([]);
  });

  it("is nothing that is not known", () => {
    const unknown = { status: null, queues: null, fleet: null, services: null, flow: null };
    expect(listAttention(facts(unknown))).toEqual([]);
  });

  it("has the worst first", () => {
    const order = titles({
      queues: queuesOf(queue({ waiting: 5, paused: true })),
      fleet: fleetOf(worker({ event_loop_lag_ms: 840 })),
      services: [service({ state: "open" })],
      status: statusOf({ DLQ: 2 }),
    });
    expect(order).toEqual([
      "OpenRouter is switched off",
      "host-1 has event-loop lag of 840 ms",
      "2 dead letters",
      "Queue primary is paused",
    ]);
  });
});

describe("workers", () => {
  it("needs one, and says how to start it", () => {
    const item = only({ fleet: fleetOf(), status: statusOf({ PENDING: 4, SCHEDULED: 1 }) });
    expect(item).toMatchObject({ severity: "broken", title: "No worker is alive" });
    expect(item?.detail).toBe("5 tasks can't run. Start one: workstream worker");
  });

  it("names one that went silent, and links to it", () => {
    const stale = worker({
      worker_id: "w-2",
      worker_name: "host-2",
      status: "stale",
      heartbeat_age_seconds: 47,
    });
    const item = only({ fleet: fleetOf(worker(), stale) });
    expect(item?.title).toBe("host-2 has gone silent");
    expect(item?.detail).toBe("No heartbeat for 47 s; its 4 tasks go to others when their leases run out");
    expect(item?.action).toEqual({ label: "Look", link: { to: "/workers", search: { worker: "w-2" } } });
  });

  it("counts them when there are many", () => {
    const stale = [1, 2, 3].map((pid) => worker({ worker_id: `w-${pid}`, status: "stale" }));
    expect(titles({ fleet: fleetOf(worker(), ...stale) })).toEqual(["3 workers have gone silent"]);
  });

  it("minds lag above 200 ms only", () => {
    expect(titles({ fleet: fleetOf(worker({ event_loop_lag_ms: 200 })) })).toEqual([]);
    expect(titles({ fleet: fleetOf(worker({ event_loop_lag_ms: 201 })) })).toHaveLength(1);
  });
});

describe("services", () => {
  const retryAt = "2026-01-01T12:00:31.000Z";

  it.each([
    ["OpenRouter is down", { state: "open", retry_at: retryAt }],
    ["OpenRouter is switched off", { state: "open" }],
    ["OpenRouter is on trial", { state: "half-open" }],
    ["OpenRouter is held", { limiter: limiter({ held_until: retryAt }) }],
    ["OpenRouter runs at its limit", { limiter: limiter({ tokens: -400, wait_seconds: 17.4 }) }],
  ] as const)("%s", (title, change) => {
    expect(titles({ services: [service(change)] })).toEqual([title]);
  });

  it("says once that a service which is down is held too", () => {
    const both = service({ state: "open", limiter: limiter({ held_until: retryAt }) });
    expect(titles({ services: [both] })).toHaveLength(1);
  });

  it("minds credits below their thresholds", () => {
    const credits = {
      balance: 0.8,
      usage_today: null,
      usage_month: null,
      last_updated: null,
      warning_threshold: 5,
      critical_threshold: 1,
      history: [],
      days: 30,
      generated_at: "",
    };
    expect(only({ credits: { ...credits, level: "critical" } })).toMatchObject({
      severity: "broken",
      title: "OpenRouter has $0.80 left",
    });
    expect(only({ credits: { ...credits, balance: 4, level: "warning" } })?.severity).toBe("notable");
    expect(titles({ credits: { ...credits, balance: 40, level: "ok" } })).toEqual([]);
  });
});

describe("queues", () => {
  it("offers to resume one that is paused while tasks wait", () => {
    const item = only({ queues: queuesOf(queue({ queue: "reports", waiting: 1, paused: true })) });
    expect(item).toMatchObject({
      title: "Queue reports is paused",
      detail: "1 task waits until it is resumed",
    });
    expect(item?.action).toEqual({ label: "Resume", resume: "reports" });
    expect(titles({ queues: queuesOf(queue({ paused: true })) })).toEqual([]);
  });

  it("minds one that no worker serves", () => {
    expect(titles({ queues: queuesOf(queue({ queue: "reports", waiting: 1, workers: 0 })) })).toEqual([
      "No worker serves reports",
    ]);
  });

  it("minds a wait above five minutes where slots are idle", () => {
    const queues = queuesOf(queue({ waiting: 1, oldest_waiting_seconds: 301 }));
    expect(titles({ queues })).toEqual(["A task in primary waits for 5 min 1 s"]);
    expect(titles({ queues, fleet: fleetOf(worker({ active_tasks: 10 })) })).toEqual([]);
    expect(titles({ queues: queuesOf(queue({ waiting: 1, oldest_waiting_seconds: 299 })) })).toEqual([]);
  });

  it("minds a flood of retries", () => {
    expect(titles({ status: statusOf({}, { retry: 1_000 }) })).toEqual([]);
    expect(titles({ status: statusOf({}, { retry: 1_001 }) })).toEqual(["1,001 retries wait"]);
  });
});

describe("dead letters and the store", () => {
  const groups = (total: number, ...some: ErrorGroup[]) => ({
    groups: some,
    total_groups: some.length,
    total_dead_letters: total,
    timestamp: "",
  });

  it("names the only cause", () => {
    const item = only({ errorGroups: groups(31, group) });
    expect(item).toMatchObject({
      title: "31 dead letters, one cause",
      detail: group.message,
      isDetailCode: true,
    });
    expect(item?.action).toEqual({ label: "Review", link: { to: "/dead-letters", search: { group: "g1" } } });
  });

  it("names the biggest of several", () => {
    const small = { ...group, error_group: "g2", message: "Timeout", count: 6 };
    const item = only({ errorGroups: groups(37, small, group) });
    expect(item?.title).toBe("37 dead letters, 2 causes");
    expect(item?.detail).toBe("31 × PdfEncrypted: password required");
  });

  it("splits what the store says of itself", () => {
    const storeWarnings = ["Redis keeps nothing on disk: a restart loses every task. Turn on appendonly."];
    expect(only({ storeWarnings })).toMatchObject({
      severity: "broken",
      title: "Redis keeps nothing on disk",
      detail: "A restart loses every task. Turn on appendonly.",
    });
  });
});
