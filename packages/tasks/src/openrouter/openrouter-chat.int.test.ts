import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimateTokens } from "./estimate-tokens.ts";
import { openRouterChat } from "./openrouter-chat.ts";
import { classifyChatCall } from "./openrouter-service.ts";
import { faultOf, openFake, settingsFor, testKey, text, textRequest } from "./openrouter-test.fixture.ts";
import { toVerdict } from "./to-verdict.ts";

let stage: Awaited<ReturnType<typeof openFake>>;
beforeAll(async () => {
  stage = await openFake();
});
afterAll(() => stage.fake.close());

const live = () => new AbortController().signal;

it("leaves no half of a key where a message is cut", async () => {
  stage.tell({ rules: [{ fault: "server-error", echoesKey: true, message: "x".repeat(275) }] });
  expect((await faultOf(stage.ask())).message).not.toContain(testKey.slice(0, 6));
});

describe("an answer", () => {
  it("comes with model, usage and cost", async () => {
    stage.tell({ checksKey: false });
    const answer = await stage.ask();
    expect(text).toContain(answer.text.slice(0, 30));
    expect(answer).toMatchObject({ finishReason: "stop", model: "test/model" });
    expect(answer.usage.promptTokens).toBeGreaterThan(20);
    expect(answer.usage.cost).toBeGreaterThan(0);
    expect(classifyChatCall({ kind: "returned", value: answer, durationMs: 5 })).toEqual({
      outcome: "success",
      state: "active",
      ...answer.usage,
      tokensUsed: answer.usage.promptTokens + answer.usage.completionTokens,
    });
  });

  it("is streamed piece by piece when someone listens", async () => {
    stage.tell({});
    const plain = await stage.ask();
    const { answer, deltas } = await stage.askStreaming();
    expect(answer).toEqual(plain);
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.join("")).toBe(plain.text);
    expect(stage.fake.requests.at(-1)).toMatchObject({ isStream: true, outcome: "200" });
  });

  it("has an estimated usage where the server tells none", async () => {
    stage.tell({ tellsUsage: false });
    const plain = await stage.ask();
    const { answer } = await stage.askStreaming();
    expect(plain.usage).toEqual({
      promptTokens: estimateTokens(textRequest.system) + estimateTokens(text),
      completionTokens: estimateTokens(plain.text),
      cost: 0,
    });
    expect(answer.usage).toEqual(plain.usage);
  });

  it("says when it was cut or filtered", async () => {
    stage.tell({ rules: [{ answer: { text: "half a sen", finishReason: "length" }, next: 1 }] });
    expect(await stage.ask()).toMatchObject({ text: "half a sen", finishReason: "length" });
    stage.tell({ rules: [{ fault: "content-filter" }] });
    expect(await stage.ask()).toMatchObject({ finishReason: "content_filter" });
    stage.tell({ rules: [{ answer: { text: "{}", finishReason: "tool_calls" } }] });
    expect(await stage.ask()).toMatchObject({ finishReason: "other" });
  });

  it("keeps to a schema", async () => {
    stage.tell({});
    const jsonSchema = {
      type: "object",
      properties: { count: { type: "integer", minimum: 3 }, word: { enum: ["yes", "no"] } },
    };
    const answer = await stage.ask({}, { ...textRequest, schema: { name: "facts", jsonSchema } });
    expect(JSON.parse(answer.text)).toEqual({ count: 3, word: "yes" });
    expect(stage.fake.lastBody).toMatchObject({ provider: { require_parameters: true } });
  });

  it("is found below a base URL with a slash at its end", async () => {
    stage.tell({});
    expect((await stage.ask({ baseUrl: `${stage.fake.baseUrl}/` })).text).not.toBe("");
  });
});

describe("a caller who goes away", () => {
  it.each(["slow-first-byte", "slow-drip"] as const)(
    "ends a call with a %s, by its own reason",
    async (fault) => {
      stage.tell({ rules: [{ fault, delayMs: 60_000 }] });
      stage.fake.clearRequests();
      const aborting = new AbortController();
      const reason = new Error("cancelled by someone");
      const options = { signal: aborting.signal, onText: () => {} };
      const call = openRouterChat(stage.settings()).complete(textRequest, options);
      await stage.fake.arrived(1);
      aborting.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect(classifyChatCall({ kind: "threw", error: reason, durationMs: 5 })).toEqual({
        outcome: "ignored",
      });
      await expect.poll(() => stage.fake.requests[0]?.outcome).toBe("aborted");
    },
  );

  it("sends nothing when it is gone before", async () => {
    stage.tell({});
    stage.fake.clearRequests();
    const call = openRouterChat(stage.settings()).complete(textRequest, {
      signal: AbortSignal.abort("gone"),
    });
    await expect(call).rejects.toBe("gone");
    expect(stage.fake.requests).toEqual([]);
  });
});

describe("the key", () => {
  it("is missed before anything is sent", async () => {
    stage.fake.clearRequests();
    expect(await faultOf(stage.ask({ apiKey: null }))).toMatchObject({
      state: "api_key_missing",
      isServiceFault: false,
    });
    expect(stage.fake.requests).toEqual([]);
  });

  it("is not sent, nor told, when it can't be one", async () => {
    const error = await faultOf(stage.ask({ apiKey: "sk-or\nsecret" }));
    expect(error.state).toBe("api_key_invalid");
    expect(inspect(error)).not.toContain("secret");
  });

  it("is accepted or not by the server", async () => {
    stage.tell({ checksKey: true });
    expect((await faultOf(stage.ask())).state).toBe("api_key_invalid");
    expect((await stage.ask({ apiKey: "test-key" })).text).not.toBe("");
    stage.tell({ checksKey: false });
  });

  it.each(["rate-limit", "error-in-body"] as const)(
    "is in no trace of an error that quotes it: %s",
    async (fault) => {
      stage.tell({ rules: [{ fault, echoesKey: true, message: "Your key is" }] });
      const error = await faultOf(stage.ask());
      const traces = [error, toVerdict(error), classifyChatCall({ kind: "threw", error, durationMs: 1 })];
      expect(error.message).toContain("[key]");
      expect(inspect(traces, { depth: 9, showHidden: true })).not.toContain(testKey);
      expect(JSON.stringify(traces)).not.toContain(testKey);
      expect(inspect(openRouterChat(stage.settings()), { showHidden: true })).not.toContain(testKey);
    },
  );
});

it("keeps its connection for the next call, after a stream too", async () => {
  let connections = 0;
  const stream = `data: ${JSON.stringify(done)}\n\ndata: [DONE]\n\n`;
  await served(
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(stream);
      setTimeout(() => response.end(), 20);
    },
    async (ask) => {
      for (let call = 0; call < 8; call += 1) await ask();
      // fetch may open a second one while the first is being freed.
      expect(connections).toBeLessThan(4);
    },
    () => {
      connections += 1;
    },
  );
});

describe("an error", () => {
  it("keeps what the service's support asks for", async () => {
    stage.tell({ rules: [{ fault: "error-in-choice" }] });
    const error = await faultOf(stage.ask());
    expect(error.facts).toMatchObject({
      status: 200,
      code: "502",
      providerErrorType: "provider_unavailable",
    });
    expect(error.facts.generationId).toMatch(/^gen-/);
    expect(error.usage?.cost).toBeGreaterThan(0);
  });

  it("names the limit that was hit", async () => {
    stage.tell({ rules: [{ fault: "rate-limit", rateLimit: 20, resetInMs: 42_000 }] });
    const error = await faultOf(stage.ask());
    expect(error).toMatchObject({
      learnedLimit: { requests: 20, intervalMs: 60_000 },
      isServiceFault: false,
    });
    expect(error.holdMs).toBeGreaterThan(35_000);
    expect(error.holdMs).toBeLessThanOrEqual(43_000);
  });

  it("is ServiceUnavailable where nobody listens", async () => {
    const closed = await openFake();
    await closed.fake.close();
    expect(await faultOf(closed.ask())).toMatchObject({
      errorType: "ServiceUnavailable",
      state: "service_unavailable",
      facts: { code: "ECONNREFUSED" },
    });
  });

  it("leaves other faults as they are", async () => {
    stage.tell({});
    const own = new RangeError("the listener's own");
    const options = {
      signal: live(),
      onText: () => {
        throw own;
      },
    };
    await expect(openRouterChat(stage.settings()).complete(textRequest, options)).rejects.toBe(own);
    expect(classifyChatCall({ kind: "threw", error: own, durationMs: 1 })).toEqual({ outcome: "ignored" });
    expect(toVerdict(own)).toBe(own);
  });
});

const done = { choices: [{ index: 0, delta: { content: "Grüße 🌍" }, finish_reason: "stop" }] };

describe("another server", () => {
  it("may stream in single bytes, with CRLF and without an end mark", async () => {
    const bytes = Buffer.from(`: hello\r\n\r\ndata: ${JSON.stringify(done)}\r\n\r\n`);
    await served(
      async (response) => {
        response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
        for (const byte of bytes) {
          await new Promise<void>((resolve) => response.write(Uint8Array.of(byte), () => resolve()));
        }
        response.end();
      },
      async (ask) => expect(await ask()).toMatchObject({ text: "Grüße 🌍", model: "test/model" }),
    );
  });

  it("may answer a streamed request in one piece", async () => {
    const body = { choices: [{ message: { content: "All at once." }, finish_reason: "stop" }] };
    await served(
      (response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body)),
      async (ask, deltas) => {
        expect((await ask()).text).toBe("All at once.");
        expect(deltas).toEqual(["All at once."]);
      },
    );
  });

  it.each([
    ["a bare sentence", 404, '{"error":"model not found"}', { errorType: "ServiceUnavailable" }],
    [
      "a code in letters",
      429,
      '{"error":{"code":"insufficient_quota","message":"no"}}',
      { errorType: "InsufficientCredits" },
    ],
    [
      "a refusal",
      200,
      '{"choices":[{"message":{"content":null,"refusal":"I may not."},"finish_reason":"stop"}]}',
      { errorType: "PermanentError", state: "active" },
    ],
    ["no choices", 200, "{}", { errorType: "ServiceUnavailable" }],
    ["a list", 200, "[]", { state: "error" }],
    ["a redirect", 307, "", { errorType: "ServiceUnavailable", state: "error" }],
    ["a page that forbids", 403, "<html>Attention</html>", { errorType: "ServiceUnavailable" }],
  ])("may err by %s", async (_, status, body, fault) => {
    await served(
      (response) => response.writeHead(status, { location: "http://127.0.0.1:9/" }).end(body),
      async (ask) => expect(await faultOf(ask())).toMatchObject(fault),
    );
  });
});

/** Runs a server that answers in its own way, and calls against it. */
async function served(
  answer: (response: ServerResponse) => unknown,
  check: (ask: () => ReturnType<ReturnType<typeof openRouterChat>["complete"]>, deltas: string[]) => unknown,
  onConnection: () => void = () => {},
): Promise<void> {
  const server = createServer((_, response) => void answer(response));
  server.on("connection", onConnection);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const deltas: string[] = [];
  const chat = openRouterChat(settingsFor(`http://127.0.0.1:${port}/v1`));
  const onText = (delta: string) => void deltas.push(delta);
  try {
    await check(() => chat.complete(textRequest, { signal: live(), onText }), deltas);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
