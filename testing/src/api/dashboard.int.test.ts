import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliCompressSync } from "node:zlib";
import { createDashboard } from "@workstream/api";
import type { FastifyInstance } from "fastify";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ApiStage, type StageOptions, useApi } from "./api-stage.ts";
import { readEvents } from "./event-reader.ts";

const openApi = useApi();
const page = "<!doctype html><title>Workstream</title>";
const script = `console.log("hello");\n`.repeat(50);
const secret = "not for anyone";
const dashboards: FastifyInstance[] = [];
let parent = "";
let folder = "";

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), "workstream-dashboard-"));
  folder = join(parent, "dashboard");
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(parent, "secret.txt"), secret);
  writeFileSync(join(folder, "index.html"), page);
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
  writeFileSync(join(folder, ".env"), secret);
  writeFileSync(join(folder, "assets/app-1a2b3c.js"), script);
  writeFileSync(join(folder, "assets/app-1a2b3c.js.br"), brotliCompressSync(script));
});

afterAll(() => rmSync(parent, { recursive: true }));

// The gateways are closed by useApi's own hook, which runs after this one.
afterEach(async () => {
  await Promise.all(dashboards.splice(0).map((dashboard) => dashboard.close()));
});

type Both = ApiStage & { dashboard: FastifyInstance; url: string; apiUrl: string };

async function openBoth(options: StageOptions = {}): Promise<Both> {
  const stage = await openApi(options);
  const { settings = {} } = options;
  const dashboard = await createDashboard({ folder, gateway: stage.app, settings });
  dashboards.push(dashboard);
  const url = await dashboard.listen({ host: "127.0.0.1", port: 0 });
  return { ...stage, dashboard, url, apiUrl: await stage.listen() };
}

/** Sends a path as it stands: fetch would tidy it, and would undo compressions. */
function raw(url: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(url);
      request({ hostname, port, path, headers, agent: false }, async (response) => {
        const bytes = await buffer(response);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes });
      })
        .on("error", reject)
        .end();
    },
  );
}

describe("the dashboard's files", () => {
  it("are index.html for its own paths, asked for anew each time", async () => {
    const { url } = await openBoth();
    for (const path of [
      "/",
      "/index.html",
      "/tasks",
      "/tasks/0196-abc?tab=events",
      "/queues/dlq/",
      "/apis",
    ]) {
      const answer = await fetch(url + path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, page]);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(answer.headers.get("cache-control")).toBe("no-cache");
    }
  });

  it("are kept for good where their names have a hash", async () => {
    const { url } = await openBoth();
    const answer = await fetch(`${url}/assets/app-1a2b3c.js`);
    expect(await answer.text()).toBe(script);
    expect(answer.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
    expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await fetch(`${url}/favicon.svg`)).headers.get("cache-control")).toBe("no-cache");
  });

  it("come as they were compressed at the build, where the client takes that", async () => {
    const { url } = await openBoth();
    const br = await raw(url, "/assets/app-1a2b3c.js", { "accept-encoding": "gzip, deflate, br" });
    expect(br.headers).toMatchObject({
      "content-encoding": "br",
      vary: expect.stringMatching(/accept-encoding/i),
    });
    expect(br.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(br.bytes.equals(brotliCompressSync(script))).toBe(true);
    const whole = await raw(url, "/assets/app-1a2b3c.js");
    expect(whole.headers["content-encoding"]).toBeUndefined();
    expect(whole.bytes.toString()).toBe(script);
    expect((await raw(url, "/tasks", { "accept-encoding": "br" })).bytes.toString()).toBe(page);
  });

  it.each(["/", "/tasks/x", "/assets/app-1a2b3c.js"])("answer HEAD and If-None-Match: %s", async (path) => {
    const { url } = await openBoth();
    const head = await fetch(url + path, { method: "HEAD", headers: { "accept-encoding": "br" } });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const etag = head.headers.get("etag") ?? "";
    expect(etag).not.toBe("");
    const again = await raw(url, path, { "if-none-match": etag, "accept-encoding": "br" });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect(again.headers.etag).toBe(etag);
    const other = await raw(url, path, { "if-none-match": '"other"', "accept-encoding": "br" });
    expect(other.status).toBe(200);
  });

  it.each(["/assets/gone-123.js", "/assets/gone", "/assets/", "/gone.png", "/.env", "/tasks/x.map"])(
    "are missing as 404, not as a page: %s",
    async (path) => {
      const { url } = await openBoth();
      const answer = await fetch(url + path);
      expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, "not_found"]);
    },
  );

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//../secret.txt",
    "/%00/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/./.env",
  ])("are all that is served: %s", async (path) => {
    const { url } = await openBoth();
    const { status, bytes } = await raw(url, path);
    expect(bytes.toString()).not.toContain(secret);
    expect([400, 404]).toContain(status);
  });

  it("take no other method", async () => {
    const { url } = await openBoth();
    for (const method of ["POST", "PUT", "DELETE"]) {
      expect((await fetch(`${url}/tasks`, { method, body: "x" })).status).not.toBe(200);
    }
  });

  it("come with a policy that lets a PDF be shown from a blob, and nothing from elsewhere", async () => {
    const { url } = await openBoth();
    const policy = (await fetch(url)).headers.get("content-security-policy")?.split(";") ?? [];
    for (const directive of [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "frame-src 'self' blob:",
      "object-src 'none'",
      "worker-src 'self' blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(directive);
  });

  it("are for loopback's names alone, as the API is", async () => {
    const { url } = await openBoth();
    for (const path of ["/", "/assets/app-1a2b3c.js", "/live"]) {
      expect((await raw(url, path, { host: "rebound.example:3000" })).status).toBe(403);
      expect((await raw(url, path, { host: "localhost:3000" })).status).toBe(200);
    }
  });

  it("are open where the API wants a key", async () => {
    const auth = { mode: "keys" as const, keys: [{ key: "k" }] };
    const { url } = await openBoth({ settings: { auth } });
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(`${url}/assets/app-1a2b3c.js`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/tasks`)).status).toBe(401);
    expect((await fetch(`${url}/api/v1/tasks`, { headers: { "x-api-key": "k" } })).status).toBe(200);
  });
});

describe("the gateway on the dashboard's port", () => {
  it.each(["/api/v1/tasks", "/health", "/live/", "/ready", "/metrics", "/docs", "/openapi.json?x=1"])(
    "answers %s",
    async (path) => {
      const { url } = await openBoth();
      const { status, headers } = await fetch(url + path);
      expect(status).toBe(200);
      expect(headers.get("x-request-id")).toBeTruthy();
      expect(headers.get("content-security-policy")).not.toContain("blob:");
    },
  );

  it("answers paths that it does not have with its own 404", async () => {
    const { url } = await openBoth();
    const answer = await fetch(`${url}/api/nothing`);
    expect(answer.status).toBe(404);
    expect(((await answer.json()) as { detail: string }).detail).toContain("GET /api/nothing");
  });

  it("takes writes of the dashboard's own page, and of no other", async () => {
    const { url, stores } = await openBoth();
    const pause = (origin: string) =>
      fetch(`${url}/api/v1/queues/primary/pause`, { method: "POST", headers: { origin } });
    expect((await pause("https://evil.example")).status).toBe(403);
    expect(await stores.tasks.pausedQueues()).toEqual([]);
    expect((await pause(url)).status).toBe(200);
    expect(await stores.tasks.pausedQueues()).toEqual(["primary"]);
  });

  it("streams what happens on the other port, and ends the stream with the gateway", async () => {
    const { url, apiUrl, app, dashboard } = await openBoth();
    const reader = await readEvents(`${url}/api/v1/queues/status/stream`);
    await reader.next(({ type }) => type === "initial_status");
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ content: "x" });
    const created = await fetch(`${apiUrl}/api/v1/tasks/summarize`, { method: "POST", headers, body });
    const { task_id } = (await created.json()) as { task_id: string };
    const isOfTask = (event: object) => "task_id" in event && event.task_id === task_id;
    expect((await reader.next(isOfTask)).event).toMatchObject({ task_id });
    const startedAt = performance.now();
    await Promise.all([app.close(), dashboard.close()]);
    await reader.ended;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it("takes an upload of 49 MB whole", async () => {
    const { url, stores } = await openBoth();
    const bytes = Buffer.alloc(49 * 1024 * 1024, "x");
    bytes.write("%PDF-1.7\n");
    const form = new FormData();
    form.set("file", new Blob([bytes], { type: "application/pdf" }), "big.pdf");
    const created = await fetch(`${url}/api/v1/tasks/pdfxtract`, { method: "POST", body: form });
    expect(created.status).toBe(201);
    const { task_id } = (await created.json()) as { task_id: string };
    const input = await fetch(`${url}/api/v1/tasks/${task_id}/input`);
    const kept = Buffer.from(await input.arrayBuffer());
    expect(digest(kept)).toBe(digest(bytes));
    expect((await stores.tasks.get(task_id))?.contentLength).toBe(bytes.length);
  });
});

function digest(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
