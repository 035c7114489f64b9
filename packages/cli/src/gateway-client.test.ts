import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { toProblem } from "@workstream/core";
import { afterEach, describe, expect, it } from "vitest";
import { createGatewayClient } from "./gateway-client.ts";

let server: Server | null = null;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

function answering(status: number, body: unknown): RequestListener {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

describe("the gateway client", () => {
  it("sends the key, the query without what is not given, and JSON", async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      answering(200, { fine: true })(request, response);
    });
    const gateway = createGatewayClient({ url, apiKey: "k1" });
    expect(await gateway.get("/a", { x: 1, y: undefined, z: "ü" })).toEqual({ fine: true });
    await gateway.post("/b", { c: 1 });
    await gateway.delete("/d");
    expect(seen).toEqual(["GET /a?x=1&z=%C3%BC Bearer k1", "POST /b Bearer k1", "DELETE /d Bearer k1"]);
  });

  it.each([
    ["not_found", "notFound"],
    ["invalid_state", "refused"],
    ["idempotency_conflict", "refused"],
    ["invalid_input", "badUsage"],
    ["unauthorized", "badUsage"],
    ["store_unavailable", "unreachable"],
    ["too_many_requests", "failed"],
    ["internal", "failed"],
  ] as const)("turns the problem %s into its sentence, with reason %s", async (code, reason) => {
    const problem = toProblem(code, "Something is so.", [{ pointer: "/a/b", detail: "it must hold" }]);
    const url = await serve(answering(problem.status, problem));
    const refused = createGatewayClient({ url, apiKey: null }).get("/");
    await expect(refused).rejects.toMatchObject({
      name: "CliError",
      reason,
      message: `Something is so. (${code})\n  /a/b: it must hold`,
    });
  });

  it.each([404, 502])(
    "takes %i without a problem document for an answer of something else",
    async (status) => {
      const url = await serve(answering(status, "<html>"));
      await expect(createGatewayClient({ url, apiKey: null }).get("/")).rejects.toMatchObject({
        reason: "unreachable",
        message: expect.stringContaining(`${url.slice(0, -1)} answered ${status}, and not as`),
      });
    },
  );

  it("says how to start a gateway that is not there", async () => {
    const url = await serve(() => {});
    const closed = once(server as Server, "close");
    server?.close();
    await closed;
    await expect(createGatewayClient({ url, apiKey: null }).get("/")).rejects.toMatchObject({
      reason: "unreachable",
      message: expect.stringMatching(/^No gateway answers at http:.*workstream up/),
    });
  });
});
