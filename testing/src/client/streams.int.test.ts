import { defaultStreamSettings } from "@workstream/api";
import { createClient, type EventSubscription, type StreamOptions } from "@workstream/client";
import { afterEach, describe, expect, it } from "vitest";
import { type ApiStage, type StageOptions, useApi } from "../api/api-stage.ts";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { freePort } from "../free-port.ts";
import { complete, workerId } from "../task-driver.ts";
import { until } from "../until.ts";
import { useRecordingServer } from "./recording-server.ts";
import { type StreamLog, streamLog } from "./stream-log.ts";

const openApi = useApi();
const startServer = useRecordingServer();
const proxies: FaultProxy[] = [];
const subscriptions: EventSubscription[] = [];
afterEach(async () => {
  for (const subscription of subscriptions.splice(0)) subscription.close();
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
});

const quick = { backoff: { minMs: 5, maxMs: 40 } } satisfies StreamOptions;
const stream = { ...defaultStreamSettings, resyncMs: 60_000 };

type Streams = ApiStage & {
  proxy: FaultProxy;
  follow(options?: StreamOptions): { log: StreamLog; subscription: EventSubscription };
  followTask(id: string): { log: StreamLog; subscription: EventSubscription };
};

/** A client that reaches a gateway through a proxy that can fail. */
async function openStreams(options: StageOptions = {}, port = 0): Promise<Streams> {
  const stage = await openApi({ settings: { stream }, ...options });
  const targetPort = Number(new URL(await stage.app.listen({ host: "127.0.0.1", port })).port);
  const proxy = await startFaultProxy({ targetPort });
  proxies.push(proxy);
  const client = createClient({ baseUrl: `http://127.0.0.1:${proxy.port}`, timeoutMs: 5_000 });
  const keep = (open: (log: StreamLog) => EventSubscription) => {
    const log = streamLog();
    const subscription = open(log);
    subscriptions.push(subscription);
    return { log, subscription };
  };
  return {
    ...stage,
    proxy,
    follow: (more) => keep(({ listener }) => client.queueEvents(listener, { ...quick, ...more })),
    followTask: (id) => keep(({ listener }) => client.taskEvents(id, listener, quick)),
  };
}

describe("the queue stream", () => {
  it("tells what happens, and no gap at its beginning", async () => {
    const { follow, driver } = await openStreams();
    const { log } = follow();
    await log.told("initial_status");
    const id = await driver.enqueue();
    await log.told("queue_update");
    expect(log.story).toEqual(["(connecting)", "(open)", "initial_status", "task_created", "queue_update"]);
    expect(log.events[1]).toMatchObject({ task_id: id });
  });

  it("is told what it missed while it was cut off, without a gap", async () => {
    const { follow, driver, proxy } = await openStreams();
    const { log, subscription } = follow({ backoff: { minMs: 60_000, maxMs: 60_000 } });
    await log.told("initial_status");
    proxy.killConnections();
    await log.told("(waiting)");
    expect(log.lastError()).toMatchObject({ kind: "unreachable" });
    const id = await driver.enqueue();
    subscription.retryNow();
    await log.told("queue_update");
    expect(log.story).toEqual([
      "(connecting)",
      "(open)",
      "initial_status",
      "(waiting)",
      "(connecting)",
      "(open)",
      "task_created",
      "queue_update",
    ]);
    expect(log.events[1]).toMatchObject({ task_id: id });
  });

  it("is told of a gap when the gateway holds no more what it missed", async () => {
    const { follow, driver, proxy } = await openStreams({
      settings: { stream: { ...stream, maxLogEvents: 1 } },
    });
    const { log, subscription } = follow();
    const { log: other } = follow();
    await log.told("initial_status");
    await other.told("initial_status");
    subscription.pause();
    await driver.enqueueMany(5);
    await other.told("queue_update");
    subscription.resume();
    await log.told("gap");
    await until("the start", () => log.story.at(-1) === "initial_status");
    expect(log.story.slice(-3)).toEqual(["(open)", "gap", "initial_status"]);
    expect(log.events.at(-1)).toMatchObject({ queue_depths: { primary: 5 } });
    expect(proxy.stats.killed).toBe(0);
  });

  it("finds a gateway that is started again on the same port, and a gap", async () => {
    const port = await freePort();
    const first = await openStreams({}, port);
    const { log } = first.follow();
    await log.told("initial_status");
    await first.app.close();
    await until("three failures", () => log.states.some(({ attempt }) => attempt >= 3));
    const second = await openApi({ on: first.opened, settings: { stream } });
    await second.app.listen({ host: "127.0.0.1", port });
    await log.told("gap");
    await until("the start", () => log.story.at(-1) === "initial_status");
    await second.driver.enqueue();
    await log.told("task_created");
    expect(log.story.filter((word) => word === "gap")).toHaveLength(1);
  });

  it("notices a connection that is dead without an end", async () => {
    const { follow, driver, proxy } = await openStreams();
    const { log } = follow({ silenceMs: 200 });
    await log.told("initial_status");
    proxy.setFaults({ isFrozen: true });
    await log.told("(waiting)");
    expect(log.lastError()).toMatchObject({ kind: "timeout" });
    proxy.setFaults({});
    const id = await driver.enqueue();
    await until("the task", () => log.events.some((event) => "task_id" in event && event.task_id === id));
    expect(log.story).not.toContain("gap");
  });

  it("is kept open by heartbeats", async () => {
    const { follow } = await openStreams({ settings: { stream: { ...stream, heartbeatMs: 100 } } });
    const { log } = follow({ silenceMs: 1_500 });
    await until("heartbeats for longer than that", () => {
      return log.story.filter((word) => word === "heartbeat").length > 20;
    });
    expect(log.story.slice(0, 3)).toEqual(["(connecting)", "(open)", "initial_status"]);
    expect(log.story).not.toContain("(waiting)");
  });

  it("goes on where a pause began", async () => {
    const { follow, driver } = await openStreams();
    const { log, subscription } = follow();
    await log.told("initial_status");
    subscription.pause();
    const id = await driver.enqueue();
    expect(log.story.at(-1)).toBe("(waiting)");
    subscription.resume();
    await log.told("task_created");
    expect(log.events[1]).toMatchObject({ task_id: id });
    expect(log.story).not.toContain("gap");
  });

  it("leaves no connection behind when it is closed", async () => {
    const { follow, app } = await openStreams();
    const { log, subscription } = follow();
    await log.told("initial_status");
    subscription.close();
    const readers = async () => /stream_readers (\d+)/.exec((await app.inject("/metrics")).body)?.[1];
    await until("no reader", async () => (await readers()) === "0");
    expect(log.states.at(-1)).toEqual({ state: "closed", attempt: 0 });
  });

  it("is closed for want of a key", async () => {
    const { follow } = await openStreams({
      settings: { auth: { mode: "keys", keys: [{ key: "k".repeat(20) }] } },
    });
    const { log } = follow();
    await log.told("(closed)");
    expect(log.lastError()).toMatchObject({ status: 401, code: "unauthorized" });
    expect(log.story).toEqual(["(connecting)", "(closed)"]);
  });

  it("waits as long as Retry-After says when the gateway is full", async () => {
    const { follow } = await openStreams({ settings: { stream: { ...stream, maxReaders: 0 } } });
    const { log } = follow();
    await log.told("(waiting)");
    const { error, retryInMs } = log.states.at(-1) ?? {};
    expect(error).toMatchObject({ status: 429, retryAfterMs: 10_000 });
    expect(retryInMs).toBeGreaterThanOrEqual(10_000);
  });

  it("sends the key, and asks for events", async () => {
    const { url, requests } = await startServer();
    const log = streamLog();
    const client = createClient({ baseUrl: url, apiKey: () => "secret" });
    subscriptions.push(client.queueEvents(log.listener, { ...quick, lastEventId: "a-1" }));
    await log.told("(waiting)");
    expect(requests[0]?.headers).toMatchObject({
      authorization: "Bearer secret",
      accept: "text/event-stream",
      "last-event-id": "a-1",
    });
    expect(log.lastError()).toMatchObject({ kind: "bad_answer" });
  });
});

describe("a task's stream", () => {
  it("tells it from its beginning to its end across a cut, each piece of output once", async () => {
    const { followTask, driver, stores, proxy } = await openStreams();
    const id = await driver.enqueue();
    const { log } = followTask(id);
    await log.told("state");
    const attempt = await driver.claimOne();
    await stores.outputs.append(workerId, attempt, [{ kind: "output", text: "Hello " }]);
    await log.told("output");
    proxy.killConnections();
    await log.told("(waiting)");
    await stores.outputs.append(workerId, attempt, [{ kind: "output", text: "world" }]);
    await until("both pieces", () => texts(log) === "Hello world");
    await driver.settle(attempt, complete);
    await log.told("(closed)");
    expect(log.events.at(-1)).toMatchObject({ type: "end", state: "COMPLETED" });
    expect(log.states.at(-1)?.error).toBeUndefined();
    expect(texts(log)).toBe("Hello world");
    expect(log.story).not.toContain("gap");
  });

  it("ends when the task is deleted", async () => {
    const { followTask, driver } = await openStreams();
    const id = await driver.enqueue();
    const { log } = followTask(id);
    await log.told("state");
    await driver.tasks.delete(id);
    await log.told("(closed)");
    expect(log.story.slice(-2)).toEqual(["deleted", "(closed)"]);
  });

  it("is closed when there is no such task", async () => {
    const { followTask } = await openStreams();
    const { log } = followTask("none");
    await log.told("(closed)");
    expect(log.lastError()).toMatchObject({ status: 404, code: "not_found" });
  });
});

function texts({ events }: StreamLog): string {
  return events.map((event) => (event.type === "output" ? event.text : "")).join("");
}
