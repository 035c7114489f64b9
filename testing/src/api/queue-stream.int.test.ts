import { once } from "node:events";
import { connect } from "node:net";
import { defaultStreamSettings } from "@workstream/api";
import { type QueueStatus, queueEventSchema, type Stores, WorkstreamError } from "@workstream/core";
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { type StageOptions, useApi } from "./api-stage.ts";
import { type EventReader, readEvents } from "./event-reader.ts";

const openApi = useApi();
const readers: EventReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

const quick = { ...defaultStreamSettings, resyncMs: 60_000 };

async function openStream(options: StageOptions = {}) {
  const stage = await openApi({ settings: { stream: quick }, ...options });
  const url = `${await stage.listen()}/api/v1/queues/status/stream`;
  const read = async (headers: Record<string, string> = {}, query = "") => {
    const reader = await readEvents(url + query, headers);
    readers.push(reader);
    return reader;
  };
  return { ...stage, read, url };
}

const states = { PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 };

/** About 1 MB of counts: what a reader that has stopped can't be sent for long. */
function wideStatus(primary: number): QueueStatus {
  const named = Array.from({ length: 12_000 }, (_, n) => [`queue-${n}-${"x".repeat(64)}`, 0]);
  return {
    queues: { primary, retry: 0, scheduled: 0, dlq: 0, ...Object.fromEntries(named) },
    states,
    retryRatio: 0.3,
  };
}

const publish = (_status: QueueStatus): void => {};

/** Counts subscriptions, and can take the store away. */
function watchStores() {
  const seen = { subscriptions: 0, open: 0, statusReads: 0, isAway: false, gap: () => {}, publish };
  const wrap = (stores: Stores): Stores => ({
    ...stores,
    events: {
      async subscribe(listener) {
        const subscription = await stores.events.subscribe(listener);
        seen.subscriptions += 1;
        seen.open += 1;
        seen.gap = () => listener.onGap();
        seen.publish = (status) => listener.onEvents({ changes: [], status, at: Date.now() });
        return {
          async close() {
            await subscription.close();
            seen.open -= 1;
          },
        };
      },
    },
    tasks: {
      ...stores.tasks,
      async status() {
        seen.statusReads += 1;
        if (seen.isAway) throw new WorkstreamError("store_unavailable", "It is away.");
        return stores.tasks.status();
      },
    },
  });
  return { seen, wrap };
}

describe("the stream", () => {
  it("starts with the status, then tells of every change", async () => {
    const { read, driver } = await openStream();
    await driver.enqueue({ type: "summarize" });
    const reader = await read();
    expect(reader.headers.get("content-type")).toContain("text/event-stream");
    expect(reader.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(reader.headers.get("x-accel-buffering")).toBe("no");
    const first = await reader.next(() => true);
    expect(first.event).toMatchObject({
      type: "initial_status",
      queue_depths: { primary: 1 },
      retry_ratio: 0.3,
    });

    const id = await driver.enqueue({ type: "summarize" });
    await reader.next((event) => event.type === "task_created" && event.task_id === id);
    await driver.claim();
    const changed = await reader.next((event) => event.type === "task_state_changed" && event.task_id === id);
    expect(changed.event).toMatchObject({
      task_type: "summarize",
      old_state: "PENDING",
      new_state: "ACTIVE",
    });
    await reader.next((event) => event.type === "queue_update" && event.state_counts.ACTIVE === 2);
    for (const { event } of reader.events) expect(queueEventSchema.parse(event)).toEqual(event);
  });

  it("numbers its events by one", async () => {
    const { read, driver } = await openStream();
    const reader = await read();
    await reader.next(() => true);
    await driver.enqueueMany(5);
    await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === 5);
    const boots = new Set(reader.events.map(({ id }) => id.split("-")[0]));
    expect(boots.size).toBe(1);
    const numbers = reader.events.map(({ id }) => Number(id.split("-")[1]));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  it("shows a deletion in the counts", async () => {
    const { read, driver } = await openStream();
    const id = await driver.enqueue();
    const reader = await read();
    await reader.next(() => true);
    await driver.tasks.delete(id);
    await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === 0);
    expect(reader.events.map(({ event }) => event.type)).toEqual(["initial_status", "queue_update"]);
  });

  it("serves clients that send no Accept header, and pages of allowed origins alone", async () => {
    const { read, url } = await openStream();
    const allowed = await read({ origin: "http://localhost:5173" });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("http://localhost:5173");
    const foreign = await read({ origin: "https://evil.example" });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
    const { port, pathname } = new URL(url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(`GET ${pathname}/ HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    await until("the first event", () => answer.includes("initial_status"));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

describe("a burst", () => {
  it("is thinned to a few flushes a second, and ends with the final counts within one", async () => {
    const { read, driver } = await openStream();
    const reader = await read();
    await reader.next(() => true);
    const startedAt = performance.now();
    for (let n = 0; n < 500; n++) await driver.enqueue();
    const burstMs = performance.now() - startedAt;
    await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === 500);
    expect(performance.now() - startedAt).toBeLessThan(burstMs + 4_000);
    const updates = reader.events.filter(({ event }) => event.type === "queue_update").length;
    const flushes = Math.ceil(burstMs / quick.flushMs) + 2;
    expect(updates).toBeLessThanOrEqual(flushes);
    const created = reader.events.filter(({ event }) => event.type === "task_created").length;
    expect(created).toBeLessThanOrEqual(flushes * quick.maxTaskEvents);
  });
});

describe("a reader that comes back", () => {
  it("is told what it missed, by header or by query", async () => {
    const { read, driver } = await openStream();
    const first = await read();
    const { id: lastId } = await first.next(() => true);
    first.close();
    const task = await driver.enqueue();
    for (const again of [
      await read({ "last-event-id": lastId }),
      await read({}, `?last_event_id=${lastId}`),
    ]) {
      const created = await again.next((event) => event.type === "task_created");
      expect(created.event).toMatchObject({ task_id: task });
      await again.next((event) => event.type === "queue_update");
      expect(again.events.map(({ event }) => event.type)).not.toContain("initial_status");
    }
  });

  it("starts over when its last event is unknown or gone", async () => {
    const stream = { ...quick, maxLogEvents: 2 };
    const { read, driver } = await openStream({ settings: { stream } });
    const first = await read();
    const { id: lastId } = await first.next(() => true);
    await driver.enqueueMany(5);
    await first.next((event) => event.type === "queue_update");
    for (const id of [lastId, "0badf00d-1", "nonsense", "9".repeat(500)]) {
      const again = await read({ "last-event-id": id });
      expect((await again.next(() => true)).event).toMatchObject({
        type: "initial_status",
        queue_depths: { primary: 5 },
      });
    }
  });
});

describe("the gateway", () => {
  it("subscribes once for everyone, and not at all for no one", async () => {
    const { seen, wrap } = watchStores();
    const { read } = await openStream({ wrap, settings: { stream: { ...quick, maxLogAgeMs: 20 } } });
    expect(seen).toMatchObject({ subscriptions: 0, statusReads: 0 });
    const all = await Promise.all([read(), read(), read()]);
    await Promise.all(all.map((reader) => reader.next(() => true)));
    expect(seen).toMatchObject({ subscriptions: 1, open: 1 });
    for (const reader of all) reader.close();
    await until("the subscription to end", () => seen.open === 0);
    const late = await read();
    expect((await late.next(() => true)).event.type).toBe("initial_status");
    expect(seen).toMatchObject({ subscriptions: 2, open: 1 });
  });

  it("sends a heartbeat when nothing else went out", async () => {
    const { read } = await openStream({ settings: { stream: { ...quick, heartbeatMs: 30 } } });
    const reader = await read();
    const { event } = await reader.next(({ type }) => type === "heartbeat");
    expect(event).toEqual({ type: "heartbeat", timestamp: expect.stringMatching(/Z$/) });
  });

  it("says that the store is lost, and starts everyone over when it is back", async () => {
    const { seen, wrap } = watchStores();
    const { read, driver } = await openStream({ wrap, settings: { stream: { ...quick, resyncMs: 20 } } });
    const early = await read();
    const { id: earlyId } = await early.next(() => true);
    seen.isAway = true;
    expect((await early.next(({ type }) => type === "error")).event).toMatchObject({
      message: expect.any(String),
    });
    const late = await read();
    expect((await late.next(() => true)).event.type).toBe("error");
    seen.isAway = false;
    await driver.enqueue();
    await late.next((event) => event.type === "initial_status" && event.queue_depths.primary === 1);
    await until(
      "a second start",
      () => early.events.filter(({ event }) => event.type === "initial_status")[1],
    );
    expect(early.events.filter(({ event }) => event.type === "error")).toHaveLength(1);
    const again = await read({ "last-event-id": earlyId });
    expect((await again.next(() => true)).event.type).toBe("initial_status");
  });

  it("starts everyone over after a gap, in which messages may have been missed", async () => {
    const { seen, wrap } = watchStores();
    const { read } = await openStream({ wrap });
    const reader = await read();
    await reader.next(() => true);
    seen.gap();
    await until("a second start", () => reader.events[1]?.event.type === "initial_status");
  });

  it("repairs counts that no message told it of", async () => {
    const { read, driver } = await openStream({
      settings: { stream: { ...quick, resyncMs: 20 } },
      wrap: (stores) => ({ ...stores, events: { subscribe: async () => ({ close: async () => {} }) } }),
    });
    const reader = await read();
    await reader.next(() => true);
    await driver.enqueue();
    await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === 1);
  });

  it("drops a reader that doesn't keep up, and it alone", async () => {
    const { seen, wrap } = watchStores();
    const { app, read, url } = await openStream({ wrap });
    const { port, pathname } = new URL(url);
    const slow = connect(Number(port), "127.0.0.1");
    slow.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    slow.pause();
    const reader = await read();
    const { event: first } = await reader.next(() => true);
    const readerCount = async () => /stream_readers (\d+)/.exec((await app.inject("/metrics")).body)?.[1];
    await until("both readers", async () => (await readerCount()) === "2");
    for (let depth = 1; (await readerCount()) === "2"; depth++) {
      seen.publish(wideStatus(depth));
      await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === depth);
    }
    seen.publish(wideStatus(-1));
    await reader.next((event) => event.type === "queue_update" && event.queue_depths.primary === -1);
    expect(first.type).toBe("initial_status");
    slow.destroy();
  });

  it("has room for so many readers, and says so", async () => {
    const { read } = await openStream({ settings: { stream: { ...quick, maxReaders: 1 } } });
    await (await read()).next(() => true);
    const refused = await read();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
  });

  it("ends every stream when it closes, and waits for no connection that says nothing", async () => {
    const { app, read, url } = await openStream();
    const reader = await read();
    await reader.next(() => true);
    const silent = connect(Number(new URL(url).port), "127.0.0.1");
    await once(silent, "connect");
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await reader.ended;
    expect(reader.events).toHaveLength(1);
  });
});
