import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toProblem } from "@workstream/core";
import { freePort, runCli, startCli, stopAll } from "@workstream/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let cwd = "";
const closers: (() => void)[] = [];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "workstream-watch-"));
});
afterEach(async () => {
  await stopAll();
  for (const close of closers.splice(0)) close();
  rmSync(cwd, { recursive: true });
});

type Connection = (response: ServerResponse) => void;

/** A gateway that serves the status, and each connection of its stream as told. */
async function serve(...connections: Connection[]): Promise<string> {
  const server = createServer((request, response) => {
    if (!request.url?.endsWith("/stream")) return void response.end("{}");
    const answer = connections.shift() ?? (() => {});
    answer(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(response: ServerResponse, primary: number): void {
  const figures = { queue_depths: { primary }, state_counts: {}, retry_ratio: 0.3 };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(`id: a-1\ndata: ${JSON.stringify({ type: "initial_status", ...figures })}\n\n`);
}

const args = ["queue", "status", "--watch"];

describe("watching the queues", () => {
  it("goes on when a gateway that went away is back, and says so once", async () => {
    const url = await serve(
      (response) => {
        send(response, 1);
        response.end();
      },
      (response) => response.destroy(),
      (response) => send(response, 2),
    );
    const watch = startCli(args, { cwd, env: { WORKSTREAM_URL: url } });
    await watch.prints(/ primary=2\b/);
    expect(watch.stdout).toMatch(/ primary=1\b/);
    expect(watch.stderr.match(/went away/g)).toHaveLength(1);
  });

  it("ends when it is refused", async () => {
    const url = await serve((response) => {
      const problem = toProblem("unauthorized", "This key is not one of API_KEYS.");
      response.writeHead(401, { "content-type": "application/problem+json" }).end(JSON.stringify(problem));
    });
    const { code, stderr } = await runCli(args, { cwd, env: { WORKSTREAM_URL: url } });
    expect(code).not.toBe(0);
    expect(stderr).toContain("This key is not one of API_KEYS.");
  });

  it("says how to start a gateway that is not there", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runCli(args, { cwd, env: { WORKSTREAM_URL: url } });
    expect(code).not.toBe(0);
    expect(stderr).toContain("workstream up");
  });
});
