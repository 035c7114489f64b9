import { connect } from "node:net";
import { defaultStreamSettings } from "@workstream/api";
import {
  type NewOutput,
  type Stores,
  type TaskEvent,
  taskEventSchema,
  WorkstreamError,
} from "@workstream/core";
import { afterEach, describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { complete, failed, workerId } from "../task-driver.ts";
import { until } from "../until.ts";
import { type StageOptions, useApi } from "./api-stage.ts";
import { type EventReader, readEvents } from "./event-reader.ts";

const readers: EventReader<TaskEvent>[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

const quick = { ...defaultStreamSettings, progressMs: 20, resyncMs: 60_000 };
const say = (...texts: string[]): NewOutput[] => texts.map((text) => ({ kind: "output", text }));
const reset: NewOutput = { kind: "reset", text: "" };

describe.each(storeKinds)("a task's stream on %s", (kind) => {
  const openApi = useApi(kind);

  async function openStream(options: StageOptions = {}) {
    const stage = await openApi({ settings: { stream: quick }, ...options });
    const origin = await stage.listen();
    const urlOf = (id: string) => `${origin}/api/v1/tasks/${id}/stream`;
    const read = async (id: string, headers: Record<string, string> = {}) => {
      const reader = await readEvents<TaskEvent>(urlOf(id), headers);
      readers.push(reader);
      return reader;
    };
    return { ...stage, read, urlOf };
  }

  it("tells everything as it happens, and ends with the task", async () => {
    const { read, driver, stores } = await openStream();
    const id = await driver.enqueue();
    const reader = await read(id);
    expect(reader.headers.get("content-type")).toContain("text/event-stream");
    await reader.next(isState("PENDING"));
    driver.clock.advance(10);
    const attempt = await driver.claimOne();
    await reader.next(isState("ACTIVE"));
    await stores.outputs.append(workerId, attempt, say("Hello ", "world"));
    await reader.next((event) => event.type === "output" && event.text === "world");
    await stores.tasks.extend(workerId, [{ ...attempt, progress: '{"page":1}' }], 30_000);
    expect((await reader.next(({ type }) => type === "progress")).event).toMatchObject({
      progress: { page: 1 },
    });
    await stores.outputs.append(workerId, attempt, say("."));
    driver.clock.advance(10);
    await driver.settle(attempt, complete);
    await reader.ended;
    expect(words(reader)).toEqual([
      "state PENDING",
      "state ACTIVE",
      "output Hello ",
      "output world",
      "progress",
      "output .",
      "state COMPLETED",
      "end COMPLETED",
    ]);
    expect(reader.events.at(-1)?.event).toMatchObject({ task_id: id, has_result: true, last_error: null });
    for (const { event } of reader.events) expect(taskEventSchema.parse(event)).toEqual(event);
  });

  it("tells the history first, and goes on exactly behind the event that a reader had", async () => {
    const { read, driver, stores } = await openStream();
    const id = await driver.enqueue();
    driver.clock.advance(10);
    const first = await driver.claimOne();
    await stores.outputs.append(workerId, first, say("one", "two"));
    driver.clock.advance(10);
    await driver.settle(first, failed({ to: "SCHEDULED", delayMs: 0 }));
    driver.clock.advance(10);
    await stores.tasks.promote(10);
    driver.clock.advance(10);
    const second = await driver.claimOne();
    await stores.outputs.append(workerId, second, [reset, ...say("three")]);
    const reader = await read(id);
    await reader.next((event) => event.type === "output" && event.text === "three");
    const history = [
      "state PENDING",
      "state ACTIVE",
      "output one",
      "output two",
      "state FAILED",
      "state SCHEDULED",
      "state PENDING",
      "state ACTIVE",
      "reset",
      "output three",
    ];
    expect(words(reader)).toEqual(history);
    for (const [index, { id: lastId }] of reader.events.entries()) {
      if (index === history.length - 1) break;
      const again = await read(id, { "last-event-id": lastId });
      await again.next((event) => event.type === "output" && event.text === "three");
      expect(words(again)).toEqual(history.slice(index + 1));
      again.close();
    }
    const late = await read(id, { "last-event-id": reader.events.at(-1)?.id ?? "" });
    await stores.outputs.append(workerId, second, say("four"));
    await late.next(({ type }) => type === "output");
    expect(words(late)).toEqual(["output four"]);
    await driver.settle(second, complete);
    await Promise.all([reader.ended, late.ended]);
    expect(words(reader).slice(history.length)).toEqual(["output four", "state COMPLETED", "end COMPLETED"]);
  });

  it("answers 204 to whoever has had the end, and 404 for an unknown task", async () => {
    const { read, ask, driver } = await openStream();
    const id = await driver.ran(failed({ to: "DLQ" }, "PermanentError"));
    const reader = await read(id);
    await reader.ended;
    expect(words(reader)).toEqual(["state PENDING", "state ACTIVE", "state FAILED", "state DLQ", "end DLQ"]);
    const lastId = reader.events.at(-1)?.id ?? "";
    expect(
      (await ask("GET", `/api/v1/tasks/${id}/stream`, { headers: { "last-event-id": lastId } })).status,
    ).toBe(204);
    await driver.tasks.retry(id, { resetRetryCount: true });
    const again = await read(id, { "last-event-id": lastId });
    await again.next(isState("PENDING"));
    expect(words(again)).toEqual(["state PENDING"]);
    for (const unknown of [crypto.randomUUID(), "nonsense"])
      expect((await ask("GET", `/api/v1/tasks/${unknown}/stream`)).status).toBe(404);
  });

  it("ends when the task is deleted", async () => {
    const { read, driver } = await openStream();
    const id = await driver.enqueue();
    const reader = await read(id);
    await reader.next(isState("PENDING"));
    await driver.tasks.delete(id);
    await reader.ended;
    expect(words(reader)).toEqual(["state PENDING", "deleted"]);
  });

  it("is repaired where push fails", async () => {
    const deaf = async () => ({ close: async () => {} });
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      events: { subscribe: deaf },
      outputs: overriding(stores.outputs, { subscribe: deaf }),
    });
    const settings = { stream: { ...quick, resyncMs: 30, progressMs: 30 } };
    const { read, driver, stores } = await openStream({ wrap, settings });
    const id = await driver.enqueue();
    const reader = await read(id);
    await reader.next(isState("PENDING"));
    driver.clock.advance(10);
    const attempt = await driver.claimOne();
    await stores.outputs.append(workerId, attempt, say("a", "b"));
    await reader.next((event) => event.type === "output" && event.text === "b");
    await driver.settle(attempt, complete);
    await reader.ended;
    expect(words(reader)).toEqual([
      "state PENDING",
      "state ACTIVE",
      "output a",
      "output b",
      "state COMPLETED",
      "end COMPLETED",
    ]);
  });

  it("subscribes to a task once, and only while somebody reads it", async () => {
    const seen = { open: 0, total: 0 };
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      outputs: overriding(stores.outputs, {
        async subscribe(taskId, listener) {
          const subscription = await stores.outputs.subscribe(taskId, listener);
          seen.open += 1;
          seen.total += 1;
          return {
            async close() {
              await subscription.close();
              seen.open -= 1;
            },
          };
        },
      }),
    });
    const { app, read, driver } = await openStream({ wrap });
    const id = await driver.enqueue();
    const all = await Promise.all([read(id), read(id), read(id)]);
    await Promise.all(all.map((reader) => reader.next(isState("PENDING"))));
    expect(seen).toEqual({ open: 1, total: 1 });
    expect((await app.inject("/metrics")).body).toContain("workstream_task_stream_readers 3");
    for (const reader of all) reader.close();
    await until("the subscription to end", () => seen.open === 0);
    await (await read(id)).next(isState("PENDING"));
    expect(seen.total).toBe(2);
  });

  it("says that the store is lost, and goes on when it is back", async () => {
    const seen = { isAway: false };
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      tasks: overriding(stores.tasks, {
        async get(id) {
          if (seen.isAway) throw new WorkstreamError("store_unavailable", "It is away.");
          return stores.tasks.get(id);
        },
      }),
    });
    const { read, ask, driver } = await openStream({
      wrap,
      settings: { stream: { ...quick, resyncMs: 30 } },
    });
    const id = await driver.enqueue();
    const reader = await read(id);
    await reader.next(isState("PENDING"));
    seen.isAway = true;
    await reader.next(({ type }) => type === "error");
    expect((await ask("GET", `/api/v1/tasks/${id}/stream`)).status).toBe(503);
    driver.clock.advance(10);
    await driver.claimOne();
    seen.isAway = false;
    await reader.next(isState("ACTIVE"));
    expect(words(reader)).toEqual(["state PENDING", "error", "state ACTIVE"]);
  });

  it("has a heartbeat, room for so many, and an end when the gateway closes", async () => {
    const { app, read, ask, driver } = await openStream({
      settings: { stream: { ...quick, heartbeatMs: 30, maxReaders: 1 } },
    });
    const id = await driver.enqueue();
    const reader = await read(id);
    await reader.next(({ type }) => type === "heartbeat");
    expect((await ask("GET", `/api/v1/tasks/${id}/stream`)).status).toBe(429);
    await app.close();
    await reader.ended;
  });

  it("drops a reader that doesn't keep up, and it alone", async () => {
    const round = Array.from({ length: 20 }, () => say("x".repeat(10_000))).flat();
    // More than a round, for a reader has read every round before: only who reads nothing exceeds it.
    const stream = { ...quick, maxBufferedBytes: 500_000 };
    const { app, read, urlOf, driver, stores } = await openStream({ settings: { stream } });
    const id = await driver.enqueue();
    const attempt = await driver.claimOne();
    const { port, pathname } = new URL(urlOf(id));
    const slow = connect(Number(port), "127.0.0.1");
    slow.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    slow.pause();
    const reader = await read(id);
    await reader.next(isState("ACTIVE"));
    const readerCount = async () =>
      /task_stream_readers (\d+)/.exec((await app.inject("/metrics")).body)?.[1];
    await until("both readers", async () => (await readerCount()) === "2");
    for (let n = 1; (await readerCount()) === "2"; n++) {
      await stores.outputs.append(workerId, attempt, [...round, ...say(`${n}`)]);
      await reader.next((event) => event.type === "output" && event.text === `${n}`);
    }
    await stores.outputs.append(workerId, attempt, say("last"));
    await reader.next((event) => event.type === "output" && event.text === "last");
    slow.destroy();
  });
});

/** The same port with some of its methods replaced. */
function overriding<T extends object>(port: T, methods: Partial<T>): T {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(name in methods ? methods : target, name);
      return typeof member === "function" ? member.bind(name in methods ? methods : target) : member;
    },
  });
}

function isState(state: string) {
  return (event: TaskEvent) => event.type === "state" && event.state === state;
}

/** What was received, heartbeats aside, each in a word or two. */
function words({ events }: EventReader<TaskEvent>): string[] {
  return events
    .filter(({ event }) => event.type !== "heartbeat")
    .map(({ event }) => {
      if (event.type === "output") return `output ${event.text}`;
      return "state" in event ? `${event.type} ${event.state}` : event.type;
    });
}
