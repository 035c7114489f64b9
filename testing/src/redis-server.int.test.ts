import { spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { afterEach, expect, it } from "vitest";
import { type RedisServer, startRedisServer } from "./redis-server.ts";
import { until } from "./until.ts";

const servers: RedisServer[] = [];
const clients: Redis[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function start(config: Record<string, string> = {}): Promise<RedisServer> {
  const server = await startRedisServer({ config });
  servers.push(server);
  return server;
}

function dial(server: RedisServer): Redis {
  const client = new Redis(server.url, { retryStrategy: () => null });
  client.on("error", () => {});
  clients.push(client);
  return client;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it("starts with the settings asked for and ends without a trace", async () => {
  const server = await start({ maxmemory: "5mb" });
  const client = dial(server);
  expect(await client.config("GET", "maxmemory")).toEqual(["maxmemory", String(5 * 1024 * 1024)]);
  const { pid } = server;
  await server.stop();
  expect(isRunning(pid)).toBe(false);
});

it("loses unsaved data when killed and keeps the port", async () => {
  const server = await start();
  await dial(server).set("key", "value");
  await server.kill();
  await server.restart();
  expect(await dial(server).get("key")).toBeNull();
});

it("keeps data over a restart when it persists", async () => {
  const server = await start({ appendonly: "yes" });
  await dial(server).set("key", "value");
  await server.restart();
  expect(await dial(server).get("key")).toBe("value");
});

it("freezes and thaws", async () => {
  const server = await start();
  const client = dial(server);
  await client.ping();
  server.pause();
  const answered = client.ping();
  const timer = new Promise((resolve) => setTimeout(resolve, 60, "nothing"));
  expect(await Promise.race([answered, timer])).toBe("nothing");
  server.resume();
  expect(await answered).toBe("PONG");
});

it("leaves no server behind when the process that started it is killed", async () => {
  const module = new URL("./redis-server.ts", import.meta.url).href;
  const code = `import(${JSON.stringify(module)}).then(async ({ startRedisServer }) => {
    console.log((await startRedisServer()).pid);
    setInterval(() => {}, 1000);
  })`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(isRunning(pid)).toBe(true);
  child.kill("SIGKILL");
  await until("the watchdog to end the server", () => !isRunning(pid));
  expect(isRunning(pid)).toBe(false);
});
