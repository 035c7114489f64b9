import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { until } from "./until.ts";

/** Answers every line with the line in capitals and remembers what it was asked. */
async function startEcho() {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      asked.push(data.toString());
      socket.write(data.toString().toUpperCase());
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

async function dial(proxy: FaultProxy): Promise<Socket> {
  const socket = connect(proxy.port, "127.0.0.1");
  socket.on("error", () => {});
  cleanups.push(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  return socket;
}

async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return answer.toString();
}

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function proxied(seed = 1) {
  const echo = await startEcho();
  const proxy = await startFaultProxy({ targetPort: echo.port, seed });
  cleanups.push(() => proxy.close());
  return { echo, proxy };
}

it("passes requests and replies on", async () => {
  const { proxy } = await proxied();
  const socket = await dial(proxy);
  expect(await ask(socket, "one")).toBe("ONE");
  expect(await ask(socket, "two")).toBe("TWO");
  expect(proxy.stats).toMatchObject({ connections: 1, requests: 2, cutReplies: 0 });
});

it("cuts a reply only after the server acted on the request", async () => {
  const { proxy, echo } = await proxied();
  proxy.setFaults({ cutReply: 1 });
  const socket = await dial(proxy);
  const replies: string[] = [];
  socket.on("data", (data) => replies.push(data.toString()));
  socket.write("do it");
  await once(socket, "close");
  expect(echo.asked).toEqual(["do it"]);
  expect(replies).toEqual([]);
  expect(proxy.stats.cutReplies).toBe(1);
});

it("cuts a request before the server sees it", async () => {
  const { proxy, echo } = await proxied();
  proxy.setFaults({ cutRequest: 1 });
  const socket = await dial(proxy);
  socket.write("never");
  await once(socket, "close");
  expect(echo.asked).toEqual([]);
  expect(proxy.stats.cutRequests).toBe(1);
});

it("cuts the same requests for the same seed, about as often as asked", async () => {
  const cuts = async (seed: number) => {
    const { proxy } = await proxied(seed);
    proxy.setFaults({ cutReply: 0.3 });
    const verdicts: boolean[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const socket = await dial(proxy);
      socket.write("x");
      const isCut = await Promise.race([
        once(socket, "data").then(() => false),
        once(socket, "close").then(() => true),
      ]);
      verdicts.push(isCut);
      socket.destroy();
    }
    return verdicts;
  };
  const first = await cuts(7);
  expect(await cuts(7)).toEqual(first);
  const share = first.filter(Boolean).length / first.length;
  expect(share).toBeGreaterThan(0.1);
  expect(share).toBeLessThan(0.5);
});

it("holds data while frozen and lets it through afterwards", async () => {
  const { proxy, echo } = await proxied();
  const socket = await dial(proxy);
  await ask(socket, "warm");
  proxy.setFaults({ isFrozen: true });
  const heard: string[] = [];
  socket.on("data", (data) => heard.push(data.toString()));
  socket.write("held");
  const witness = await dial(proxy);
  witness.write("held too");
  proxy.setFaults({ isFrozen: false });
  await until("the held reply", () => heard.includes("HELD"));
  await until("the witness's request", () => echo.asked.includes("held too"));
  expect(echo.asked.slice(0, 2)).toEqual(["warm", "held"]);
});

it("hides the end of the server while frozen", async () => {
  let serverSide: Socket | null = null;
  const server = createServer((socket) => {
    serverSide = socket;
    socket.on("error", () => {});
    socket.on("data", (data) => socket.write(data));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await startFaultProxy({ targetPort: (server.address() as AddressInfo).port });
  cleanups.push(() => proxy.close());
  cleanups.push(() => void server.close());
  const socket = await dial(proxy);
  await ask(socket, "hello");
  proxy.setFaults({ isFrozen: true });
  (serverSide as Socket | null)?.destroy();
  const ended = once(socket, "close").then(() => "ended");
  expect(await Promise.race([ended, dial(proxy).then(() => "a round trip later")])).toBe(
    "a round trip later",
  );
  proxy.setFaults({ isFrozen: false });
  expect(await ended).toBe("ended");
});

it("delays replies and keeps their order", async () => {
  const { proxy } = await proxied();
  const socket = await dial(proxy);
  proxy.setFaults({ delayMs: 40 });
  let heard = "";
  socket.on("data", (data) => {
    heard += data.toString();
  });
  const startedAt = performance.now();
  socket.write("a");
  await until("the request", () => proxy.stats.requests === 1);
  proxy.setFaults({});
  socket.write("b");
  await until("both replies", () => heard.length === 2);
  expect(heard).toBe("AB");
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(35);
});

it("kills open connections and refuses new ones", async () => {
  const { proxy } = await proxied();
  const socket = await dial(proxy);
  await ask(socket, "hello");
  const closed = once(socket, "close");
  proxy.killConnections();
  await closed;
  proxy.setFaults({ isRefusing: true });
  const refused = connect(proxy.port, "127.0.0.1");
  refused.on("error", () => {});
  await new Promise((resolve) => refused.once("close", resolve));
  expect(proxy.stats).toMatchObject({ killed: 1, refused: 1, connections: 1 });
});
