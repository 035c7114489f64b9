import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClientError } from "./client-error.ts";
import {
  type EventSubscription,
  type StreamKind,
  type StreamOptions,
  type StreamStatus,
  subscribe,
} from "./event-subscription.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server that the test plays. */
type Connection = {
  lastEventId: string | null;
  signal: AbortSignal;
  accept(headers?: Record<string, string>): void;
  nothingMore(): void;
  refuse(error: unknown): void;
  send(text: string): void;
  end(): void;
};

function stage(options: StreamOptions = {}, kind: Partial<StreamKind> = {}) {
  const connections: Connection[] = [];
  const open: StreamKind["open"] = (lastEventId, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      connections.push(connection({ lastEventId, signal, resolve, reject }));
    });
  const states: StreamStatus[] = [];
  const events: unknown[] = [];
  const told: string[] = [];
  const subscription: EventSubscription = subscribe(
    {
      open,
      connectTimeoutMs: 10_000,
      isAfterGap: (event) => event === "gap",
      isLast: (event) => event === "last",
      random: () => 1,
      ...kind,
    },
    {
      onEvent: (event, id) => {
        events.push([event, id]);
        told.push("event");
      },
      onState: (status) => states.push(status),
      onGap: () => told.push("gap"),
    },
    options,
  );
  return {
    subscription,
    states,
    events,
    told,
    connections,
    stateWords: () => states.map(({ state }) => state),
    connection: (index: number) => connections[index] as Connection,
  };
}

type Opening = {
  lastEventId: string | null;
  signal: AbortSignal;
  resolve(response: Response): void;
  reject(error: unknown): void;
};

function connection({ lastEventId, signal, resolve, reject }: Opening): Connection {
  let body: ReadableStreamDefaultController<Uint8Array>;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      body = controller;
    },
  });
  signal.addEventListener("abort", () => body.error(signal.reason));
  return {
    lastEventId,
    signal,
    accept: (headers = { "content-type": "text/event-stream; charset=utf-8" }) =>
      resolve(new Response(stream, { headers })),
    nothingMore: () => resolve(new Response(null, { status: 204 })),
    refuse: reject,
    send: (text) => body.enqueue(new TextEncoder().encode(text)),
    end: () => body.close(),
  };
}

/** Lets everything happen that waits for no timer. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const problem = (status: number, retryAfterMs: number | null = null) =>
  new ClientError({ kind: "problem", detail: `${status}`, status, retryAfterMs });

describe("a stream", () => {
  it("tells its events, with their ids", async () => {
    const { connection, events, stateWords } = stage();
    await settle();
    connection(0).accept();
    await settle();
    connection(0).send('id: 1\ndata: {"a":1}\n\nid: 2\nda');
    await settle();
    connection(0).send("ta: 2\n\n");
    await settle();
    expect(events).toEqual([
      [{ a: 1 }, "1"],
      [2, "2"],
    ]);
    expect(stateWords()).toEqual(["connecting", "open"]);
  });

  it("tells of a gap before the event that shows it", async () => {
    const { connection, told } = stage();
    await settle();
    connection(0).accept();
    connection(0).send('data: 1\n\ndata: "gap"\n\n');
    await settle();
    expect(told).toEqual(["event", "gap", "event"]);
  });

  it("skips what is not JSON", async () => {
    const { connection, events, stateWords } = stage();
    await settle();
    connection(0).accept();
    connection(0).send("data: <p>\n\ndata: 1\n\n");
    await settle();
    expect(events).toEqual([[1, null]]);
    expect(stateWords()).toEqual(["connecting", "open"]);
  });

  it("ends after its last event, and tells nothing that follows", async () => {
    const { connection, events, states, connections } = stage();
    await settle();
    connection(0).accept();
    connection(0).send('data: 1\n\ndata: "last"\n\ndata: 2\n\n');
    await settle();
    expect(events).toEqual([
      [1, null],
      ["last", null],
    ]);
    expect(states.at(-1)).toEqual({ state: "closed", attempt: 0 });
    await vi.runAllTimersAsync();
    expect(connections).toHaveLength(1);
  });

  it("ends when everything was told", async () => {
    const { connection, states } = stage();
    await settle();
    connection(0).nothingMore();
    await settle();
    expect(states.at(-1)).toEqual({ state: "closed", attempt: 0 });
  });
});

describe("a stream that broke off", () => {
  it("goes on behind the last event, after a wait", async () => {
    const { connection, connections, states } = stage();
    await settle();
    expect(connection(0).lastEventId).toBeNull();
    connection(0).accept();
    connection(0).send("id: a-1\ndata: 1\n\n");
    await settle();
    connection(0).end();
    await settle();
    expect(states.at(-1)).toMatchObject({
      state: "waiting",
      attempt: 1,
      retryInMs: 500,
      error: { kind: "unreachable" },
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(connection(1).lastEventId).toBe("a-1");
  });

  it("waits longer with each failure, for ever, until a connection lasts", async () => {
    const { connection, states } = stage();
    for (let index = 0; index < 8; index++) {
      await settle();
      connection(index).refuse(new TypeError("fetch failed"));
      await settle();
      await vi.advanceTimersByTimeAsync(states.at(-1)?.retryInMs ?? 0);
    }
    const waits = states.flatMap(({ retryInMs }) => retryInMs ?? []);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);

    connection(8).accept();
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "open", attempt: 8 });
    await vi.advanceTimersByTimeAsync(4_000);
    connection(8).end();
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "waiting", attempt: 9 });
    await vi.advanceTimersByTimeAsync(15_000);
    connection(9).accept();
    await vi.advanceTimersByTimeAsync(6_000);
    connection(9).end();
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "waiting", attempt: 1, retryInMs: 500 });
  });

  it("waits as long as Retry-After or `retry:` say, and a bit", async () => {
    const { connection, states } = stage();
    await settle();
    connection(0).refuse(problem(503, 7_000));
    await settle();
    expect(states.at(-1)?.retryInMs).toBe(7_500);
    await vi.advanceTimersByTimeAsync(7_500);
    connection(1).accept();
    connection(1).send("retry: 3000\n\n");
    await settle();
    connection(1).end();
    await settle();
    expect(states.at(-1)?.retryInMs).toBe(4_000);
  });

  it.each([401, 403, 404])("ends when it is refused with %i", async (status) => {
    const { connection, connections, states } = stage();
    await settle();
    connection(0).refuse(problem(status));
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "closed", error: { status } });
    await vi.runAllTimersAsync();
    expect(connections).toHaveLength(1);
  });

  it.each([429, 500, 502, 503])("comes back when it is refused with %i", async (status) => {
    const { connection, states } = stage();
    await settle();
    connection(0).refuse(problem(status));
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "waiting", error: { status } });
  });

  it("comes back when something else than a stream answers", async () => {
    const { connection, states } = stage();
    await settle();
    connection(0).accept({ "content-type": "text/html" });
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "waiting", error: { kind: "bad_answer" } });
  });
});

describe("silence", () => {
  it("for longer than 35 s is a dead connection; any byte breaks it", async () => {
    const { connection, states } = stage();
    await settle();
    connection(0).accept();
    await vi.advanceTimersByTimeAsync(34_000);
    connection(0).send(":\n");
    await vi.advanceTimersByTimeAsync(34_000);
    expect(states.at(-1)).toMatchObject({ state: "open" });
    await vi.advanceTimersByTimeAsync(1_001);
    expect(states.at(-1)).toMatchObject({ state: "waiting", error: { kind: "timeout" } });
    expect(connection(0).signal.aborted).toBe(true);
  });

  it("is none while what was sent stays unread for a busy event loop", async () => {
    const { connection, states } = stage();
    await settle();
    connection(0).accept();
    await vi.advanceTimersByTimeAsync(35_000);
    connection(0).send(":\n");
    await vi.advanceTimersByTimeAsync(34_000);
    expect(states.at(-1)).toMatchObject({ state: "open" });
  });

  it("instead of an answer is a failure too", async () => {
    const { connection, states } = stage();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(states.at(-1)).toMatchObject({ state: "connecting" });
    await vi.advanceTimersByTimeAsync(2);
    expect(states.at(-1)).toMatchObject({ state: "waiting", error: { kind: "timeout" } });
    expect(connection(0).signal.aborted).toBe(true);
  });
});

describe("a caller", () => {
  it("pauses it, and goes on behind the last event", async () => {
    const { connection, connections, subscription, states, events } = stage();
    await settle();
    connection(0).accept();
    connection(0).send("id: a-1\ndata: 1\n\n");
    await settle();
    subscription.pause();
    subscription.pause();
    expect(connection(0).signal.aborted).toBe(true);
    expect(states.at(-1)).toEqual({ state: "waiting", attempt: 0 });
    subscription.retryNow();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(connections).toHaveLength(1);
    subscription.resume();
    subscription.resume();
    await settle();
    expect(connections).toHaveLength(2);
    expect(connection(1).lastEventId).toBe("a-1");
    expect(events).toHaveLength(1);
  });

  it("ends a wait", async () => {
    const { connection, connections, subscription } = stage();
    await settle();
    connection(0).refuse(problem(503, 60_000));
    await settle();
    subscription.retryNow();
    subscription.retryNow();
    await settle();
    expect(connections).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(connections).toHaveLength(2);
  });

  it("closes it in any state, once, and nothing stays behind", async () => {
    for (const reach of ["begin", "connecting", "open", "waiting", "paused"]) {
      const { connection, connections, subscription, states } = stage();
      if (reach !== "begin") await settle();
      if (reach === "open") connection(0).accept();
      if (reach === "waiting") connection(0).refuse(problem(503));
      if (reach === "paused") subscription.pause();
      if (reach !== "begin") await settle();
      subscription.close();
      subscription.close();
      await settle();
      expect(states.filter(({ state }) => state === "closed")).toHaveLength(1);
      expect(states.at(-1)?.state).toBe("closed");
      expect(vi.getTimerCount()).toBe(0);
      expect(connections.every(({ signal }) => signal.aborted)).toBe(true);
      subscription.resume();
      subscription.retryNow();
      await settle();
      expect(states.at(-1)?.state).toBe("closed");
    }
  });

  it.each(["connecting", "open", "event"])("closes it from within its listener at %s", async (at) => {
    const told: unknown[] = [];
    const closeAt = (name: unknown) => {
      told.push(name);
      if (name === at) subscription.close();
    };
    const subscription = subscribe(
      {
        open: (lastEventId, signal) =>
          new Promise((resolve, reject) => {
            const opened = connection({ lastEventId, signal, resolve, reject });
            opened.accept();
            opened.send('data: "event"\n\ndata: "another"\n\n');
          }),
        connectTimeoutMs: 1_000,
        isAfterGap: () => false,
        isLast: () => false,
        random: () => 1,
      },
      { onEvent: closeAt, onState: ({ state }) => closeAt(state) },
      {},
    );
    await settle();
    const all = ["connecting", "open", "event"];
    expect(told).toEqual([...all.slice(0, all.indexOf(at) + 1), "closed"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("closes it by a signal, before or after it has begun", async () => {
    const before = stage({ signal: AbortSignal.abort() });
    await settle();
    expect(before.stateWords()).toEqual(["closed"]);
    expect(before.connections).toEqual([]);
    const abort = new AbortController();
    const after = stage({ signal: abort.signal });
    await settle();
    abort.abort();
    expect(after.stateWords()).toEqual(["connecting", "closed"]);
    expect(after.connection(0).signal.aborted).toBe(true);
  });

  it("may pause and resume before it has begun", async () => {
    const { subscription, connections, stateWords } = stage();
    subscription.pause();
    await settle();
    expect(connections).toHaveLength(0);
    subscription.resume();
    expect(connections).toHaveLength(1);
    expect(stateWords()).toEqual(["waiting", "connecting"]);
    const other = stage();
    other.subscription.pause();
    other.subscription.resume();
    await settle();
    expect(other.connections).toHaveLength(1);
  });

  it("may begin behind an event it knows", async () => {
    const { connection } = stage({ lastEventId: "a-9" });
    await settle();
    expect(connection(0).lastEventId).toBe("a-9");
  });
});
