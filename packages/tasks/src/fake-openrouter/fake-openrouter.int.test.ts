import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeOpenRouter, startFakeOpenRouter } from "../fake-openrouter.ts";

let fake: FakeOpenRouter;
beforeEach(async () => {
  fake = await startFakeOpenRouter();
});
afterEach(() => fake.close());

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
}

const tell = (control: unknown) => post(`${fake.origin}/control`, control);

async function ask(model = "a/b", key = "test-key"): Promise<number> {
  const body = { model, messages: [{ role: "user", content: "It rains. It pours." }] };
  const response = await post(`${fake.baseUrl}/chat/completions`, body, { authorization: `Bearer ${key}` });
  await response.text();
  return response.status;
}

async function askTimes(count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let call = 0; call < count; call += 1) statuses.push(await ask());
  return statuses;
}

describe("told over HTTP", () => {
  it("fails as long as it was told", async () => {
    await tell({ fail: ["429,retry-after=5,next=2"] });
    expect(await askTimes(3)).toEqual([429, 429, 200]);
    await tell({ rules: [{ fault: "overloaded", share: 0.5 }] });
    expect(await askTimes(4)).toEqual([200, 503, 200, 503]);
    await tell({ clear: true });
    expect(await askTimes(2)).toEqual([200, 200]);
  });

  it("fails for one model, or for questions about the account", async () => {
    await tell({ fail: ["model-missing,model=c/d", "500,on=account"] });
    expect(await ask("a/b")).toBe(200);
    expect(await ask("c/d")).toBe(404);
    expect((await fetch(`${fake.baseUrl}/key`)).status).toBe(500);
  });

  it("is down for every path", async () => {
    await tell({ fail: ["down"] });
    expect(await ask()).toBe(503);
    expect((await fetch(`${fake.baseUrl}/key`)).status).toBe(503);
  });

  it.each([
    { fail: ["no-such-fault"] },
    { fail: ["429,nxt=1"] },
    { rules: [{ fault: "cut", share: 2 }] },
    { latency: 5 },
    "down",
  ])("refuses %j", async (control) => {
    expect((await tell(control)).status).toBe(422);
    expect(await ask()).toBe(200);
  });

  it("lists what arrived, and forgets it", async () => {
    await tell({ fail: ["429,next=1"] });
    await askTimes(2);
    const { columns, rows } = (await (await fetch(`${fake.origin}/control/requests`)).json()) as {
      columns: string[];
      rows: unknown[][];
    };
    const outcomes = rows.map((row) => [row[columns.indexOf("outcome")], row[columns.indexOf("fault")]]);
    expect(outcomes).toEqual([
      ["429", "rate-limit"],
      ["200", null],
    ]);
    const later = await fetch(`${fake.origin}/control/requests?after=1`);
    expect(((await later.json()) as { rows: unknown[] }).rows).toHaveLength(1);
    await fetch(`${fake.origin}/control/requests`, { method: "DELETE" });
    expect(fake.requests).toEqual([]);
  });
});

describe("the account", () => {
  const key = async (path: string, bearer = "test-key") => {
    const response = await fetch(`${fake.baseUrl}${path}`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    return { status: response.status, body: (await response.json()) as { data: Record<string, number> } };
  };

  it("pays for answers, and refuses when nothing is left", async () => {
    fake.control({ balance: 0.000001, usage: 3 });
    expect(await askTimes(2)).toEqual([200, 402]);
    const { body } = await key("/key");
    expect(body.data.limit_remaining).toBeLessThan(0);
    expect(body.data.usage_daily).toBeGreaterThan(3);
  });

  it("shows credits to a management key alone", async () => {
    expect((await key("/credits")).status).toBe(403);
    expect((await key("/credits", "test-management-key")).body.data.total_credits).toBe(100);
  });

  it("asks for its key when told to", async () => {
    expect(await ask("a/b", "other")).toBe(200);
    fake.control({ checksKey: true });
    expect(await ask("a/b", "other")).toBe(401);
    expect(await ask("a/b")).toBe(200);
    expect((await key("/key", "other")).status).toBe(401);
  });
});

describe("a watched limit", () => {
  it("reports what exceeded it", async () => {
    fake.control({ limit: { requests: 3, intervalMs: 3_600_000 } });
    expect(await askTimes(5)).toEqual([200, 200, 200, 200, 200]);
    expect(fake.limitReport).toMatchObject({ exceededBy: 2 });
    expect(fake.limitReport?.worstExcess).toBeCloseTo(2, 1);
  });

  it("answers 429 with the limit when it is to enforce it", async () => {
    fake.control({ limit: { requests: 2, intervalMs: 3_600_000, enforces: true } });
    expect(await askTimes(3)).toEqual([200, 200, 429]);
    expect(fake.requests.at(-1)).toMatchObject({ outcome: "429", fault: "rate-limit" });
  });
});

it("keeps two of its kind apart", async () => {
  const other = await startFakeOpenRouter({ control: { fail: ["500"] } });
  expect(await ask()).toBe(200);
  expect(other.requests).toEqual([]);
  expect(other.port).not.toBe(fake.port);
  await other.close();
});
