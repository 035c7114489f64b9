import { once } from "node:events";
import { connect } from "node:net";
import { WorkstreamError } from "@workstream/core";
import type { FastifyBaseLogger } from "fastify";
import { describe, expect, it } from "vitest";
import { useApi } from "./api-stage.ts";

const openApi = useApi();

/** A logger that keeps what it is told. */
function keepingLogger() {
  const lines: unknown[] = [];
  const keep = (...line: unknown[]) => void lines.push(...line);
  const levels = { fatal: keep, error: keep, warn: keep, info: keep, debug: keep, trace: keep, silent: keep };
  const logger: object = { level: "info", ...levels, child: () => logger };
  return { lines, logger: logger as unknown as FastifyBaseLogger };
}

describe("errors", () => {
  it("are problem details, on paths that don't exist too", async () => {
    const { ask } = await openApi();
    const { status, headers, body } = await ask("PUT", "/api/v1/tasks");
    expect([status, headers["content-type"]]).toEqual([404, "application/problem+json"]);
    expect(body).toEqual({
      type: "urn:workstream:error:not_found",
      title: "Not found",
      status: 404,
      detail: "There is no PUT /api/v1/tasks; see /docs.",
      code: "not_found",
      errors: [],
    });
  });

  it.each([
    ["JSON that is none", '{"content":', "application/json", 422, "invalid_input"],
    ["a forged prototype", '{"__proto__":{}}', "application/json", 422, "invalid_input"],
    ["text", "content", "text/plain", 415, "unsupported_media_type"],
    ["a form", "content=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"],
    [
      "multipart, where JSON is wanted",
      "x",
      "multipart/form-data; boundary=b",
      415,
      "unsupported_media_type",
    ],
    ["a list", "[]", "application/json", 422, "invalid_input"],
    ["nothing", "", "application/json", 422, "invalid_input"],
  ])("name a body of %s", async (_what, payload, type, status, code) => {
    const { ask } = await openApi();
    const answer = await ask("POST", "/api/v1/tasks/summarize", {
      payload,
      headers: { "content-type": type },
    });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it("tell nothing of what nobody foresaw, but where the log has it", async () => {
    const { lines, logger } = keepingLogger();
    const secret = new Error("password in /etc/secret.ts");
    const { ask } = await openApi({
      logger,
      wrap: (stores) => ({ ...stores, tasks: { ...stores.tasks, get: () => Promise.reject(secret) } }),
    });
    const { status, body, headers, text } = await ask("GET", "/api/v1/tasks/x");
    expect([status, body.code]).toEqual([500, "internal"]);
    expect(text).not.toContain("secret");
    expect(body.detail).toContain(headers["x-request-id"]);
    expect(lines).toContainEqual({ err: secret });
  });

  it("say when to come back to a store that is away", async () => {
    const gone = new WorkstreamError("store_unavailable", "Redis does not answer.");
    const { ask } = await openApi({
      wrap: (stores) => ({ ...stores, tasks: { ...stores.tasks, list: () => Promise.reject(gone) } }),
    });
    const { status, body, headers } = await ask("GET", "/api/v1/tasks");
    expect([status, body.code, body.detail]).toEqual([503, "store_unavailable", "Redis does not answer."]);
    expect(headers["retry-after"]).toBe("5");
  });

  it.each([
    ["is no HTTP", "GARBAGE\r\n\r\n", 400, "malformed_request"],
    ["has headers without end", `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 413, "too_large"],
  ])("answer what %s", async (_what, bytes, status, code) => {
    const { listen } = await openApi();
    const socket = connect(Number(new URL(await listen()).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.write(bytes);
    await once(socket, "close");
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "")).toMatchObject({ status, code });
  });
});

describe("a trailing slash", () => {
  it.each([
    "/live",
    "/health",
    "/api/v1/tasks",
    "/api/v1/queues/status",
    "/api/v1/workers",
    "/openapi.json",
    "/docs",
  ])("never matters: %s", async (path) => {
    const { ask } = await openApi();
    expect((await ask("GET", path)).status).toBe(200);
    expect((await ask("GET", `${path}/`)).status).toBe(200);
  });
});

describe("keys", () => {
  const auth = {
    mode: "keys" as const,
    keys: [
      { key: "read", role: "reader" as const },
      { key: "send", role: "submitter" as const },
      { key: "all" },
    ],
  };
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  const task = { payload: { content: "x" } };

  it("are wanted everywhere but on /live, /ready and /health", async () => {
    const { ask } = await openApi({ settings: { auth } });
    for (const path of ["/", "/metrics", "/docs", "/openapi.json", "/api/v1/tasks", "/nothing/here"]) {
      const { status, headers, body } = await ask("GET", path);
      expect([path, status, body?.code]).toEqual([path, 401, "unauthorized"]);
      expect(headers["www-authenticate"]).toBe("Bearer");
    }
    expect((await ask("GET", "/live")).status).toBe(200);
    expect((await ask("GET", "/ready/")).status).toBe(200);
    expect((await ask("GET", "/health/")).status).toBe(200);
  });

  it("are not wanted of a browser that is sent to the dashboard, which asks for one itself", async () => {
    const html = { headers: { accept: "text/html" } };
    const { ask } = await openApi({ settings: { auth, dashboardUrl: "http://localhost:3000/" } });
    const sent = await ask("GET", "/", html);
    expect([sent.status, sent.headers.location]).toEqual([302, "http://localhost:3000/"]);
    expect((await ask("GET", "/")).status).toBe(401);
    const without = await openApi({ settings: { auth } });
    expect((await without.ask("GET", "/", html)).status).toBe(401);
  });

  it("come as a bearer token or as X-API-Key, and must be right", async () => {
    const { ask } = await openApi({ settings: { auth } });
    expect((await ask("GET", "/api/v1/tasks", bearer("all"))).status).toBe(200);
    expect((await ask("GET", "/api/v1/tasks", { headers: { "x-api-key": "read" } })).status).toBe(200);
    for (const key of ["", "al", "alll", "ALL"])
      expect((await ask("GET", "/", bearer(key))).status).toBe(401);
  });

  it("may do what their role may", async () => {
    const { ask } = await openApi({ settings: { auth } });
    const may = async (key: string) => [
      (await ask("GET", "/api/v1/tasks", bearer(key))).status,
      (await ask("POST", "/api/v1/tasks/summarize", { ...task, ...bearer(key) })).status,
      (await ask("POST", "/api/v1/queues/primary/pause", bearer(key))).status,
    ];
    expect(await may("read")).toEqual([200, 403, 403]);
    expect(await may("send")).toEqual([200, 201, 403]);
    expect(await may("all")).toEqual([200, 201, 200]);
    const { body } = await ask("DELETE", "/api/v1/tasks/x", bearer("send"));
    expect(body.detail).toBe("This takes a key with the role operator; yours is a submitter's.");
  });
});

describe("browsers", () => {
  const from = (origin: string, more = {}) => ({ headers: { origin, host: "localhost:8000", ...more } });
  const allowed = "access-control-allow-origin";

  it.each([
    "http://localhost:3100",
    "http://127.0.0.1:3100",
    "http://localhost:5173",
    "http://127.0.0.1:5174",
    "https://my.app",
  ])("may call from %s", async (origin) => {
    const { ask } = await openApi({ settings: { dashboardPort: 3100, corsOrigins: ["https://my.app/"] } });
    expect((await ask("GET", "/api/v1/tasks", from(origin))).headers[allowed]).toBe(origin);
    expect((await ask("GET", "/api/v1/tasks/none", from(origin))).headers[allowed]).toBe(origin);
    const wanted = {
      "access-control-request-method": "DELETE",
      "access-control-request-headers": "x-api-key",
    };
    const preflight = await ask("OPTIONS", "/api/v1/tasks/x", from(origin, wanted));
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-methods"]).toContain("DELETE");
  });

  it.each([
    "http://localhost:3000",
    "http://localhost:5175",
    "https://evil.example",
    "null",
    "http://localhost:3100.evil.example",
  ])("may not call from %s", async (origin) => {
    const { ask, stores } = await openApi({ settings: { dashboardPort: 3100 } });
    expect((await ask("GET", "/api/v1/tasks", from(origin))).headers[allowed]).toBeUndefined();
    // Without a body there is no preflight: CORS alone would let it through and only hide the answer.
    const sent = await ask("POST", "/api/v1/queues/primary/pause", from(origin));
    expect([sent.status, sent.body.code]).toEqual([403, "forbidden"]);
    expect(await stores.tasks.pausedQueues()).toEqual([]);
  });

  it("may post from the gateway's own pages", async () => {
    const { ask } = await openApi();
    expect((await ask("POST", "/api/v1/queues/primary/pause", from("http://localhost:8000"))).status).toBe(
      200,
    );
  });

  it("can't reach a loopback gateway by another name", async () => {
    const { ask } = await openApi();
    for (const host of ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"]) {
      expect((await ask("GET", "/live", { headers: { host } })).status).toBe(200);
    }
    const rebound = await ask("GET", "/live", { headers: { host: "rebound.example:8000" } });
    expect([rebound.status, rebound.body.code]).toEqual([403, "forbidden"]);
    expect(rebound.body.detail).toContain("ALLOWED_HOSTS");
    const open = await openApi({ settings: { allowedHosts: null } });
    expect((await open.ask("GET", "/live", { headers: { host: "tasks.example" } })).status).toBe(200);
  });

  it("are sent to the dashboard where one is served", async () => {
    const accept = { headers: { accept: "text/html,*/*;q=0.8" } };
    const without = await openApi();
    expect((await without.ask("GET", "/", accept)).body).toMatchObject({
      name: "workstream",
      dashboard: null,
    });
    const { ask } = await openApi({ settings: { dashboardUrl: "http://localhost:3000/" } });
    const sent = await ask("GET", "/", accept);
    expect([sent.status, sent.headers.location]).toEqual([302, "http://localhost:3000/"]);
    expect((await ask("GET", "/")).body).toEqual({
      name: "workstream",
      message: expect.any(String),
      version: "1.2.3",
      docs: "/docs",
      health: "/health",
      dashboard: "http://localhost:3000/",
    });
  });

  it("find the dashboard under the name by which they reached a gateway on all addresses", async () => {
    const settings = { dashboardUrl: "http://127.0.0.1:3000/", allowedHosts: null };
    const { ask } = await openApi({ settings });
    const sentFrom = async (host: string) =>
      (await ask("GET", "/", { headers: { accept: "text/html", host } })).headers.location;
    expect(await sentFrom("box.example:8000")).toBe("http://box.example:3000/");
    expect(await sentFrom("192.0.2.7:8000")).toBe("http://192.0.2.7:3000/");
    expect(await sentFrom("localhost:8000")).toBe("http://127.0.0.1:3000/");
  });

  it("are told the same by every answer", async () => {
    const { ask } = await openApi();
    const policy = [
      "default-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ];
    const told = {
      "content-security-policy": policy.join(";"),
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "origin-agent-cluster": "?1",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-dns-prefetch-control": "off",
      "x-download-options": "noopen",
      "x-frame-options": "SAMEORIGIN",
      "x-permitted-cross-domain-policies": "none",
      "x-request-id": expect.any(String),
      "x-xss-protection": "0",
    };
    for (const path of ["/live", "/docs/", "/nowhere", "/api/v1/tasks/none/stream"]) {
      expect((await ask("GET", path)).headers).toMatchObject(told);
    }
  });
});
