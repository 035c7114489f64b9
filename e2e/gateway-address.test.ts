/** A container that is made anew may get another address: nginx must find the gateway there, without a restart. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, until } from "@workstream/testing";
import { afterEach, expect, it } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** `resolve` in an upstream came with 1.27.3; the image's nginx has it, Debian 12's has not. */
const resolvesAgain = isAtLeast(nginxVersion(), [1, 27, 3]);
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

it.skipIf(!resolvesAgain)("finds the gateway under its new address (needs nginx 1.27.3)", async () => {
  const port = await freePort();
  const names = await nameServer("127.0.0.1");
  const first = await gateway("127.0.0.1", port);
  const url = await startNginx({ gateway: `api:${port} resolve`, resolver: `127.0.0.1:${names.port}` });
  expect(await until("the first gateway", () => bodyOf(url), { everyMs: 50 })).toBe("127.0.0.1");
  first.closeAllConnections();
  first.close();
  await gateway("127.0.0.2", port);
  names.address = "127.0.0.2";
  const found = async () => (await bodyOf(url)) === "127.0.0.2";
  expect(await until("the second gateway", found, { timeoutMs: 10_000, everyMs: 50 })).toBe(true);
});

async function bodyOf(url: string): Promise<string | null> {
  const answer = await fetch(`${url}/live`).catch(() => null);
  return answer?.ok ? answer.text() : null;
}

async function gateway(host: string, port: number): Promise<Server> {
  const server = createServer((_, response) => response.end(host)).listen(port, host);
  await once(server, "listening");
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return server;
}

type NameServer = { address: string; readonly port: number };

/** Answers every question for an IPv4 address with one, until it is set to another. */
async function nameServer(address: string): Promise<NameServer> {
  const socket: Socket = createSocket("udp4");
  const server = { address, port: 0 };
  socket.on("message", (query, { port, address: asker }) =>
    socket.send(answerTo(query, server.address), port, asker),
  );
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  closers.push(() => socket.close());
  server.port = (socket.address() as AddressInfo).port;
  return server;
}

/** RFC 1035: the question, repeated, and one A record that points at its name. */
function answerTo(query: Buffer, address: string): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 6);
  header.fill(0, 8);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split(".").map(Number)]);
  return Buffer.concat([header, question, record]);
}

async function startNginx({ gateway, resolver }: { gateway: string; resolver: string }): Promise<string> {
  const tmp = await mkdtemp(join(tmpdir(), "workstream-nginx-"));
  await writeFile(join(tmp, "index.html"), "");
  const port = await freePort();
  const nginx: ChildProcess = spawn("sh", [join(root, "deploy/start-nginx.sh")], {
    env: {
      PATH: process.env.PATH,
      GATEWAY: gateway,
      RESOLVER: `resolver ${resolver} valid=1s ipv6=off;`,
      LISTEN: `127.0.0.1:${port}`,
      DASHBOARD_ROOT: tmp,
      NGINX_TMP: tmp,
      ACCESS_LOG: "off",
    },
    stdio: "ignore",
  });
  closers.push(
    () => rm(tmp, { recursive: true, force: true }),
    async () => {
      const ended = once(nginx, "exit");
      nginx.kill("SIGTERM");
      await ended;
    },
  );
  return `http://127.0.0.1:${port}`;
}

function nginxVersion(): number[] {
  const printed = execFileSync("sh", ["-c", "nginx -v 2>&1"], { encoding: "utf8" });
  return (/nginx\/([\d.]+)/.exec(printed)?.[1] ?? "0").split(".").map(Number);
}

function isAtLeast(
  [major = 0, minor = 0, patch = 0]: number[],
  [x, y, z]: [number, number, number],
): boolean {
  return major !== x ? major > x : minor !== y ? minor > y : patch >= z;
}
