import { type Client, createClient } from "@workstream/client";
import { bulkRequestSchema, deadLetterBulkSchema } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { useRecordingServer } from "./recording-server.ts";

const startServer = useRecordingServer();

type Call = [name: string, call: (client: Client) => Promise<unknown>, request: string, body?: unknown];

const selection = { action: "cancel", filter: { queue: "reports", status: "PENDING" } } as const;
const calls: Call[] = [
  ["gateway.info", (client) => client.gateway.info(), "GET /api/v1/gateway"],
  ["tasks.explain", (client) => client.tasks.explain("a b"), "GET /api/v1/tasks/a%20b/explain"],
  ["tasks.bulk", (client) => client.tasks.bulk(selection), "POST /api/v1/tasks/bulk", selection],
  [
    "tasks.bulkCount",
    (client) => client.tasks.bulkCount(selection),
    "POST /api/v1/tasks/bulk",
    { ...selection, dry_run: true },
  ],
  ["queues.overview", (client) => client.queues.overview(), "GET /api/v1/queues"],
  ["queues.errorGroups", (client) => client.queues.errorGroups(3), "GET /api/v1/queues/dlq/groups?limit=3"],
  ["queues.retryDeadLetters", (client) => client.queues.retryDeadLetters(), "POST /api/v1/queues/dlq/retry"],
  [
    "queues.purgeDeadLetters",
    (client) => client.queues.purgeDeadLetters({ filter: { error_group: "g" }, limit: 9 }),
    "POST /api/v1/queues/dlq/purge",
    { filter: { error_group: "g" }, limit: 9 },
  ],
  ["operations.get", (client) => client.operations.get("o/1"), "GET /api/v1/operations/o%2F1"],
  ["operations.list", (client) => client.operations.list(), "GET /api/v1/operations"],
  ["operations.cancel", (client) => client.operations.cancel("o"), "POST /api/v1/operations/o/cancel"],
  [
    "services.metrics",
    (client) => client.services.metrics("mail", 7),
    "GET /api/v1/services/mail/metrics?days=7",
  ],
];

describe("requests", () => {
  it.each(calls)("%s is sent as the gateway takes it", async (_name, call, request, body) => {
    const { url, requests } = await startServer();
    expect(await call(createClient({ baseUrl: url }))).toEqual({});
    const [sent] = requests;
    expect(requests).toHaveLength(1);
    expect(`${sent?.method} ${sent?.url}`).toBe(request);
    expect(sent?.body).toBe(body === undefined ? "" : JSON.stringify(body));
    expect(sent?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
  });

  it("hold bodies that the contract allows", () => {
    const sent = calls.flatMap(([name, , , body]) => (body === undefined ? [] : [{ name, body }]));
    for (const { name, body } of sent) {
      const schema = name.startsWith("tasks.") ? bulkRequestSchema : deadLetterBulkSchema;
      expect([name, schema.safeParse(body).success]).toEqual([name, true]);
    }
  });

  it("take an address with a path and slashes behind it", async () => {
    const { url, requests } = await startServer();
    await createClient({ baseUrl: `${url}/behind/a/proxy//` }).queues.status();
    expect(requests[0]?.url).toBe("/behind/a/proxy/api/v1/queues/status");
  });

  it("carry the key of the moment, and none where there is none", async () => {
    const { url, requests } = await startServer();
    let key: string | null = "first";
    const client = createClient({ baseUrl: url, apiKey: () => key });
    await client.queues.status();
    key = "second";
    await client.queues.status();
    key = null;
    await client.queues.status();
    await createClient({ baseUrl: url, apiKey: "fixed" }).queues.status();
    expect(requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer first",
      "Bearer second",
      undefined,
      "Bearer fixed",
    ]);
  });

  it("go through a fetch of the caller's", async () => {
    const urls: unknown[] = [];
    const client = createClient({
      fetch: async (input) => {
        urls.push(input);
        return Response.json({ task_id: "t", state: "PENDING" });
      },
    });
    await client.queues.status();
    await client.tasks.pdfxtract({ file: new Blob(["%PDF-"]) }, { onProgress: () => {} });
    expect(urls).toEqual(["/api/v1/queues/status", "/api/v1/tasks/pdfxtract"]);
  });

  it("need an address outside of a browser", () => {
    expect(() => createClient()).toThrow(/baseUrl/);
  });
});
