/** What docker compose would start, as processes of an ordinary user: images' contents by deploy/Dockerfile, nginx in front. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { chmod, cp, mkdtemp, rm } from "node:fs/promises";
import { get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isRoot, type LocalContainer, LocalDeployment, until } from "@workstream/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newspaperPdf } from "../packages/tasks/src/pdfxtract/pdf-fixture.ts";
import { call, task } from "./gateway.ts";
import { probeModule } from "./program.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const megabyte = 1024 * 1024;
const text =
  "The committee met on Monday. It heard three reports. The budget was approved by a large majority.";

let folder: string;
let deployment: LocalDeployment;
let api: LocalContainer;
let workers: LocalContainer[];
let nginx: LocalContainer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "workstream-deployment-"));
  await chmod(folder, 0o755);
  const tasks = join(folder, "own-tasks");
  await cp(probeModule, join(tasks, "probe-tasks.mjs"));
  deployment = await LocalDeployment.prepare({
    root,
    into: folder,
    reusesInstall: true,
    tasks,
    settings: { TASKS: "./tasks/probe-tasks.mjs", LOG_LEVEL: "warn" },
  });
  api = await deployment.startApi();
  workers = [deployment.startWorker(), deployment.startWorker()];
  nginx = await deployment.startDashboard();
  await healthyWorkers(2);
}, 180_000);

afterAll(async () => {
  await deployment?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function healthyWorkers(count: number): Promise<boolean> {
  const look = async () => {
    const { body } = await call<{ healthy_workers: number }>(`${deployment.url}/api/v1/workers`);
    return body.healthy_workers === count;
  };
  return until(`${count} healthy workers`, look, { timeoutMs: 20_000, everyMs: 50 });
}

function settled(id: string): Promise<string> {
  const look = async () => {
    const { state } = await task(deployment.url, id);
    return ["COMPLETED", "FAILED", "DLQ"].includes(state) ? state : null;
  };
  return until(`task ${id} to come to rest`, look, { timeoutMs: 20_000, everyMs: 50 });
}

async function addProbe(ms: number): Promise<string> {
  const created = await call<{ task_id: string }>(`${deployment.url}/api/v1/tasks/probe`, "POST", {
    input: { ms },
  });
  expect(created.status).toBe(201);
  return created.body.task_id;
}

describe("the dashboard's files", () => {
  const load = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${deployment.url}${path}`, { headers });

  it("are a page that is asked for anew, and assets that are kept", async () => {
    const page = await load("/");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const [, asset = ""] = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
    const script = await load(asset, { "accept-encoding": "gzip" });
    expect(script.status).toBe(200);
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(script.headers.get("content-encoding")).toBe("gzip");
    expect(await script.text()).toBe(
      readFileSync(join(deployment.image("dashboard").root, "dashboard/site", asset), "utf8"),
    );
  });

  it.each(["/tasks", "/tasks/0197c5a2/trace", "/index.html"])("show the page at %s", async (path) => {
    const [answer, page] = await Promise.all([load(path), load("/")]);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(await answer.text()).toBe(await page.text());
  });

  it.each(["/assets/gone-12345678.js", "/assets/gone", "/gone.png", "/metrics"])(
    "show nothing at %s",
    async (path) => {
      const answer = await load(path);
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([404, null]);
    },
  );

  it("come with the headers that the gateway itself sends, but for what pages may load", async () => {
    const [page, live] = await Promise.all([load("/"), fetch(`${deployment.apiUrl}/live`)]);
    const security = (headers: Headers) =>
      [...headers].filter(
        ([name]) => /^(x-|cross-|referrer|origin-agent)/.test(name) && name !== "x-request-id",
      );
    expect(security(live.headers).length).toBeGreaterThan(8);
    expect(security(page.headers)).toEqual(security(live.headers));
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-src 'self' blob:; object-src 'none'; " +
        "worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });
});

describe("the gateway behind nginx", () => {
  it.each([
    "/health",
    "/live",
    "/ready",
    "/openapi.json",
    "/docs/",
    "/api/v1/queues/status",
    "/api/v1/queues/status/",
  ])("answers at %s, once with each header", async (path) => {
    const answer = await fetch(`${deployment.url}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-request-id")).toMatch(/^[\da-f-]{36}$/);
    expect(answer.headers.get("x-frame-options")).toBe("SAMEORIGIN");
  });

  it("completes a task, and one of a user's own type", async () => {
    const created = await call<{ task_id: string }>(`${deployment.url}/api/v1/tasks/summarize`, "POST", {
      content: text,
    });
    expect(created.status).toBe(201);
    expect(await settled(created.body.task_id)).toBe("COMPLETED");
    expect(await settled(await addProbe(0))).toBe("COMPLETED");
  });

  it("lets pages of its own origin send, and no others", async () => {
    const post = (origin: string) =>
      fetch(`${deployment.url}/api/v1/tasks/summarize`, {
        method: "POST",
        headers: { origin, "content-type": "application/json" },
        body: JSON.stringify({ content: text }),
      });
    expect((await post(deployment.url)).status).toBe(201);
    expect((await post(deployment.url.replace("127.0.0.1", "localhost"))).status).toBe(201);
    expect((await post("http://elsewhere.example")).status).toBe(403);
  });

  it("answers to names of loopback, and to no others", async () => {
    const named = (host: string) => statusOf(`${deployment.url}/api/v1/queues/status`, { host });
    expect(await named("localhost:3000")).toBe(200);
    expect(await named("rebound.example")).toBe(403);
  });

  it("passes events on as they come", async () => {
    const openedAt = performance.now();
    const stream = await fetch(`${deployment.url}/api/v1/queues/status/stream`, {
      headers: { "accept-encoding": "gzip" },
    });
    expect(stream.headers.get("content-encoding")).toBeNull();
    const events = eventsOf(stream);
    expect((await events.next()).value).toMatchObject({ type: "initial_status" });
    expect(performance.now() - openedAt).toBeLessThan(4_000);
    const postedAt = performance.now();
    const id = await addProbe(0);
    for await (const event of events) if (event.task_id === id) break;
    expect(performance.now() - postedAt).toBeLessThan(4_000);
  });

  it("takes a PDF of 50 MB, and says of more that it is too much", async () => {
    const created = await upload(paddedPdf(50 * megabyte));
    expect(created.status).toBe(201);
    const { task_id } = (await created.json()) as { task_id: string };
    expect(await settled(task_id)).toBe("COMPLETED");
    // The first is refused by the gateway while it arrives, the second by nginx for its length.
    for (const size of [51, 60]) {
      const refused = await upload(paddedPdf(size * megabyte));
      expect(refused.status).toBe(413);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
      expect(await refused.json()).toMatchObject({ code: "too_large", status: 413 });
    }
  });

  it("is told to be away, and found again when it is back", async () => {
    await api.end("SIGKILL");
    const away = await fetch(`${deployment.url}/api/v1/queues/status`);
    expect([away.status, away.headers.get("content-type")]).toEqual([503, "application/problem+json"]);
    expect(Number(away.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await away.json()).toMatchObject({ code: "gateway_unavailable", status: 503 });
    expect((await fetch(`${deployment.url}/tasks`)).status).toBe(200);
    api = await deployment.startApi();
    expect((await fetch(`${deployment.url}/api/v1/queues/status`)).status).toBe(200);
    expect(nginx.isRunning).toBe(true);
  });
});

describe("the processes", () => {
  it.skipIf(!isRoot)("belong to an ordinary user, who can't change the program", () => {
    for (const container of [api, ...workers, nginx]) {
      const pids = [container.pid, ...childrenOf(container.pid)];
      for (const pid of pids) expect(idsOf(pid)).toEqual(["10001", "10001", "10001", "10001"]);
      expect(container.run(["sh", "-c", "find . -writable -not -type l | head -n 3"]).output).toBe("");
    }
    expect(childrenOf(nginx.pid).length).toBeGreaterThan(0);
  });

  it("have the program's commands at hand", () => {
    const { status, output } = api.run(["workstream", "queue", "status", "--json"]);
    expect([status, JSON.parse(output)]).toMatchObject([0, { states: { DLQ: 0 } }]);
  });

  it("are well by the health checks of the compose file", () => {
    expect(deployment.check("api", api)).toBe(0);
    expect(deployment.check("worker", workers[0]!)).toBe(0);
  });

  it("hand over what runs when they are told to stop", async () => {
    const id = await addProbe(4_000);
    const { worker_id } = await until("it to run", async () => {
      const found = await task(deployment.url, id);
      return found.state === "ACTIVE" && found;
    });
    const stopping = workers.find(({ pid }) => worker_id?.includes(`-${pid}-`));
    expect(await stopping?.end("SIGTERM")).toBe(0);
    expect((await task(deployment.url, id)).state).toBe("COMPLETED");
    await Promise.all(workers.map((worker) => worker.end("SIGTERM")));
    expect(deployment.check("worker", workers[0]!)).toBe(1);
    expect(deployment.check("api", api)).toBe(0);
  });

  it("leave an empty store when reset says so, and not before they have stopped", async () => {
    const reset = (...more: string[]) => api.run(["node", "dist/lib/cli.js", ...resetCommand(), ...more]);
    expect(reset().status).toBe(5);
    await api.end("SIGTERM");
    expect(reset()).toMatchObject({ status: 0, output: expect.stringMatching(/Deleted \d+ keys/) });
    expect(reset()).toMatchObject({ status: 0, output: expect.stringContaining("Nothing is there") });
  });
});

function resetCommand(): string[] {
  return deployment.compose.services.reset?.command ?? [];
}

type StreamEvent = { type: string; task_id?: string };

async function* eventsOf(response: Response): AsyncGenerator<StreamEvent> {
  let buffered = "";
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    buffered += chunk;
    const frames = buffered.split("\n\n");
    buffered = frames.pop() ?? "";
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

/** fetch lets nobody choose Host. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const [answer] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

/** A newspaper of this size: a comment, and the way to the table of contents once more at the end. */
function paddedPdf(size: number): Buffer {
  const pdf = Buffer.from(newspaperPdf());
  const offset = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(pdf.toString("latin1"))?.[1];
  const tail = Buffer.from(`\nstartxref\n${offset}\n%%EOF\n`);
  const padding = Buffer.alloc(size - pdf.length - tail.length, "x");
  padding.write("\n%");
  return Buffer.concat([pdf, padding, tail]);
}

function upload(pdf: Buffer): Promise<Response> {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(pdf)], { type: "application/pdf" }), "paper.pdf");
  return fetch(`${deployment.url}/api/v1/tasks/pdfxtract`, { method: "POST", body: form });
}

function idsOf(pid: number): string[] {
  const [, ids = ""] = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return ids.split(/\s+/);
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.split(" ").filter(Boolean).map(Number);
}
