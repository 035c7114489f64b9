import { type Client, ClientError, createClient, isClientError } from "@workstream/client";
import { type Stores, WorkstreamError } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { useApi } from "../api/api-stage.ts";
import { freePort } from "../free-port.ts";
import { useRecordingServer } from "./recording-server.ts";

const openApi = useApi();
const startServer = useRecordingServer();

async function errorOf(answer: Promise<unknown>): Promise<ClientError> {
  const error = await answer.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!isClientError(error)) throw new Error(`Not an error of the client: ${String(error)}`);
  return error;
}

describe("a refusal", () => {
  it("names the fields at fault, and the request in the gateway's log", async () => {
    const client = createClient({ baseUrl: await (await openApi()).listen() });
    const error = await errorOf(client.tasks.summarize({ content: " " }));
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ kind: "problem", status: 422, code: "invalid_input" });
    expect(error.errors).toMatchObject([{ pointer: "/content" }]);
    expect(error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("for want of a key, or of the role, says so", async () => {
    const keys = [{ key: "r".repeat(20), role: "reader" as const }];
    const stage = await openApi({ settings: { auth: { mode: "keys", keys } } });
    const baseUrl = await stage.listen();
    const without = await errorOf(createClient({ baseUrl }).queues.status());
    expect(without).toMatchObject({ kind: "problem", status: 401, code: "unauthorized" });
    const reader = createClient({ baseUrl, apiKey: "r".repeat(20) });
    await reader.queues.status();
    expect(await errorOf(reader.queues.pause("primary"))).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("while the store is away says when to come again, and is not tried again by itself", async () => {
    let reads = 0;
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      tasks: Object.assign(Object.create(stores.tasks), {
        get: async () => {
          reads += 1;
          throw new WorkstreamError("store_unavailable", "Redis can't be reached.");
        },
      }),
    });
    const client = createClient({ baseUrl: await (await openApi({ wrap })).listen() });
    const error = await errorOf(client.tasks.get("any"));
    expect(error).toMatchObject({
      kind: "problem",
      status: 503,
      code: "store_unavailable",
      detail: "Redis can't be reached.",
      retryAfterMs: 5_000,
    });
    expect(reads).toBe(1);
  });

  it("by something else than a gateway keeps its status", async () => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(502, { "retry-after": "2" }).end("<html>Bad Gateway</html>");
    });
    const error = await errorOf(createClient({ baseUrl: url }).queues.status());
    expect(error).toMatchObject({ kind: "problem", status: 502, code: null, retryAfterMs: 2_000 });
  });
});

describe("an answer that is none", () => {
  const html: [string, (client: Client) => Promise<unknown>][] = [
    ["of a page", (client) => client.queues.status()],
    ["to an upload", (client) => client.tasks.pdfxtract({ file: new Blob(["%PDF-"]) })],
  ];
  it.each(html)("is told as one: that %s", async (_name, call) => {
    const { url } = await startServer((_request, response) => response.end("<html></html>"));
    expect(await errorOf(call(createClient({ baseUrl: url })))).toMatchObject({
      kind: "bad_answer",
      status: 200,
    });
  });

  it("is told as one: nobody listens", async () => {
    const client = createClient({ baseUrl: `http://127.0.0.1:${await freePort()}` });
    expect(await errorOf(client.queues.status())).toMatchObject({ kind: "unreachable", status: null });
  });

  it("is told as one: it breaks off", async () => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"queues":', () => response.destroy());
    });
    const client = createClient({ baseUrl: url });
    expect(await errorOf(client.queues.status())).toMatchObject({ kind: "unreachable" });
    expect(await errorOf(client.tasks.input("id"))).toMatchObject({ kind: "unreachable" });
  });

  it("is told as one: it does not come in time, head or body", async () => {
    const silent = await startServer(() => {});
    const stuck = await startServer((_request, response) => void response.writeHead(200).write("{"));
    for (const { url } of [silent, stuck]) {
      const client = createClient({ baseUrl: url, timeoutMs: 50 });
      expect(await errorOf(client.queues.status())).toMatchObject({ kind: "timeout" });
      const { signal } = new AbortController();
      expect(await errorOf(client.queues.status({ signal }))).toMatchObject({ kind: "timeout" });
    }
  });

  it("waits for a result as long as it was told to, and for its answer", async () => {
    const { url } = await startServer((_request, response) => {
      setTimeout(() => response.end('{"state":"PENDING"}'), 200);
    });
    const client = createClient({ baseUrl: url, timeoutMs: 100 });
    expect(await client.tasks.result("id", { waitSeconds: 1 })).toEqual({ state: "PENDING" });
    expect(await errorOf(client.tasks.result("id"))).toMatchObject({ kind: "timeout" });
  });
});

describe("an abort", () => {
  /** A server that sends the beginning of an answer, and tells when it has and when the connection is gone. */
  async function startStuck() {
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const stuck = { hasBegun, gone: Promise.resolve() };
    const server = await startServer((request, response) => {
      stuck.gone = new Promise((resolve) => request.socket.once("close", () => resolve()));
      response.writeHead(200).write("{", begun);
    });
    return { stuck, ...server };
  }

  it("of a request that was not sent yet sends none", async () => {
    const { url, requests } = await startStuck();
    const { queues } = createClient({ baseUrl: url });
    expect(await errorOf(queues.status({ signal: AbortSignal.abort() }))).toMatchObject({ kind: "aborted" });
    expect(requests).toEqual([]);
  });

  it("of one that is under way ends it, and its connection", async () => {
    const { url, stuck } = await startStuck();
    const abort = new AbortController();
    const answer = errorOf(createClient({ baseUrl: url }).queues.status({ signal: abort.signal }));
    await stuck.hasBegun;
    abort.abort(new Error("enough"));
    expect(await answer).toMatchObject({ kind: "aborted", cause: { message: "enough" } });
    await stuck.gone;
  });
});
