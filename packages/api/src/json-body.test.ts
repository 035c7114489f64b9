import Fastify from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { acceptJsonBodies } from "./json-body.ts";

const app = Fastify();

beforeAll(async () => {
  acceptJsonBodies(app);
  app.post("/", async (request) => ({ body: request.body ?? "none" }));
  await app.ready();
});

async function post(payload: string, type = "application/json") {
  const answer = await app.inject({ method: "POST", url: "/", payload, headers: { "content-type": type } });
  return { status: answer.statusCode, body: answer.json().body };
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

describe("JSON bodies", () => {
  it("are read, and count as none when empty", async () => {
    expect(await post('{"a":1}', "application/json; charset=utf-8")).toEqual({ status: 200, body: { a: 1 } });
    expect(await post("")).toEqual({ status: 200, body: "none" });
    expect(await post(" \n")).toEqual({ status: 200, body: "none" });
  });

  it("are the only bodies", async () => {
    expect((await post("a", "text/plain")).status).toBe(415);
    expect((await post("a=1", "application/x-www-form-urlencoded")).status).toBe(415);
    const untyped = await app.inject({ method: "POST", url: "/", payload: Buffer.from("{}") });
    expect(untyped.statusCode).toBe(415);
  });

  it("count as none when empty, whatever their type", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      expect(await post("", type)).toEqual({ status: 200, body: "none" });
    }
  });

  it("may be 128 levels deep", async () => {
    expect((await post(nested(128))).status).toBe(200);
    expect((await post(nested(129))).status).toBe(422);
    expect((await post(nested(100_000))).status).toBe(422);
  });

  it("can't reach prototypes", async () => {
    expect((await post('{"__proto__":{"a":1}}')).status).toBe(422);
  });
});
