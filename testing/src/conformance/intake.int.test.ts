import { idempotencyTtlMs, maxBatchSize, timeOfTaskId } from "@workstream/core";
import { expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, TaskDriver } from "../task-driver.ts";

describeStores("intake", (openStores, kind) => {
  const open = async () => new TaskDriver(await openStores());

  it("accepts a task and gives it back whole", async () => {
    const driver = await open();
    const id = driver.tasks.mintId();
    const accepted = driver.clock.now();
    const task = newTask(id, {
      type: "greet",
      queue: "letters",
      priority: "high",
      contentKind: "json",
      content: '{"name":"Zoë"}',
      metadata: '{"a":{"b":[1,2,null]}}',
      maxRetries: 5,
      timeoutMs: 90_000,
      expiresInMs: 60_000,
    });
    expect(await driver.tasks.enqueue(task)).toEqual({ outcome: "created", id, state: "PENDING" });
    expect(await driver.tasks.get(id)).toEqual({
      id,
      type: "greet",
      queue: "letters",
      priority: "high",
      state: "PENDING",
      contentKind: "json",
      content: '{"name":"Zoë"}',
      contentLength: 15,
      metadata: { a: { b: [1, 2, null] } },
      retryCount: 0,
      maxRetries: 5,
      lostCount: 0,
      lastError: null,
      errorType: null,
      errorGroup: null,
      retryAfterAt: null,
      createdAt: accepted,
      updatedAt: accepted,
      startedAt: null,
      completedAt: null,
      expiresAt: accepted + 60_000,
      timeoutMs: 90_000,
      result: null,
      hasResult: false,
      progress: null,
      workerId: null,
      parkedFor: null,
      parkedWhy: null,
      errorHistory: [],
      stateHistory: [{ state: "PENDING", at: accepted }],
    });
  });

  it("takes created_at from the id", async () => {
    const driver = await open();
    const id = driver.tasks.mintId();
    const mintedAt = driver.clock.now();
    driver.clock.advance(250);
    await driver.enqueue({ id });
    expect(await driver.task(id)).toMatchObject({
      createdAt: mintedAt,
      updatedAt: mintedAt + 250,
      stateHistory: [{ state: "PENDING", at: mintedAt }],
    });
  });

  it.each([
    ["plain text", "hello"],
    ["other scripts", "naïve 日本語 🙂 \u202e"],
    ["quotes and line ends", `"'\\ \r\n\t {}`],
    ["a NUL", "before\u0000after"],
    ["digits", "12345678901234567890"],
    ["spaces", "   "],
  ])("keeps %s as it came", async (_, text) => {
    const driver = await open();
    const id = await driver.enqueue({ content: text, metadata: JSON.stringify({ text }) });
    const bytes = Buffer.byteLength(text);
    expect(await driver.task(id)).toMatchObject({ content: text, contentLength: bytes, metadata: { text } });
    expect(await driver.claimOne()).toMatchObject({ content: text, metadata: JSON.stringify({ text }) });
  });

  it("mints ids that sort in minting order, on the store's clock", async () => {
    const { tasks, clock } = await open();
    const ids = Array.from({ length: 1_000 }, (_, index) => {
      if (index % 100 === 99) clock.advance(1);
      return tasks.mintId();
    });
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(1_000);
    expect(timeOfTaskId(tasks.mintId())).toBe(clock.now());
  });

  it("answers `exists` for an id that it has, and changes nothing", async () => {
    const driver = await open();
    const id = await driver.enqueue({ content: "first" });
    const before = await driver.task(id);
    driver.clock.advance(10);
    const again = newTask(id, { content: "second", queue: "elsewhere", delayMs: 5 });
    expect(await driver.tasks.enqueue(again)).toEqual({ outcome: "exists", id });
    expect(await driver.task(id)).toEqual(before);
    expect((await driver.tasks.status()).states).toMatchObject({ PENDING: 1, SCHEDULED: 0 });
  });

  it("pushes nothing for an id whose task is done", async () => {
    const driver = await open();
    const id = await driver.ran(complete);
    expect(await driver.tasks.enqueue(newTask(id))).toEqual({ outcome: "exists", id });
    expect(await driver.claim()).toEqual([]);
    expect((await driver.task(id)).state).toBe("COMPLETED");
  });

  it("knows a task by its idempotency key", async () => {
    const driver = await open();
    const idempotency = { key: "order 17", fingerprint: "f1" };
    const first = await driver.enqueue({ idempotency });
    const second = newTask(driver.tasks.mintId(), { idempotency });
    expect(await driver.tasks.enqueue(second)).toEqual({ outcome: "exists", id: first });
    expect(await driver.tasks.get(second.id)).toBeNull();
    const other = newTask(driver.tasks.mintId(), { idempotency: { key: "order 17", fingerprint: "f2" } });
    expect(await driver.tasks.enqueue(other)).toEqual({ outcome: "conflict", id: first });
    expect(await driver.tasks.get(other.id)).toBeNull();
    expect((await driver.tasks.status()).states.PENDING).toBe(1);
  });

  it("remembers a key after its task is done, and keeps keys apart", async () => {
    const driver = await open();
    const idempotency = { key: "k", fingerprint: "f" };
    const first = await driver.ran(complete, { idempotency });
    const again = newTask(driver.tasks.mintId(), { idempotency });
    expect(await driver.tasks.enqueue(again)).toEqual({ outcome: "exists", id: first });
    const other = newTask(driver.tasks.mintId(), { idempotency: { key: "K", fingerprint: "f" } });
    expect(await driver.tasks.enqueue(other)).toMatchObject({ outcome: "created", id: other.id });
    expect(await driver.tasks.remembers(["k", "K", "k"])).toBe(true);
    expect(await driver.tasks.remembers(["k", "kk"])).toBe(false);
  });

  it.skipIf(kind === "redis")(
    "forgets a key after a day (Redis does it by a key's TTL, which runs on the server's own clock)",
    async () => {
      const driver = await open();
      const idempotency = { key: "k", fingerprint: "f" };
      const first = await driver.enqueue({ idempotency });
      driver.clock.advance(idempotencyTtlMs - 1);
      expect(await driver.tasks.enqueue(newTask(driver.tasks.mintId(), { idempotency }))).toEqual({
        outcome: "exists",
        id: first,
      });
      driver.clock.advance(2);
      const later = newTask(driver.tasks.mintId(), { idempotency });
      expect(await driver.tasks.enqueue(later)).toMatchObject({ outcome: "created", id: later.id });
    },
  );

  it("creates one task out of many racing for one key", async () => {
    const driver = await open();
    const idempotency = { key: "race", fingerprint: "f" };
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => driver.tasks.enqueue(newTask(driver.tasks.mintId(), { idempotency }))),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "exists")).toHaveLength(19);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1);
  });

  it("schedules a task with a delay, from its creation", async () => {
    const driver = await open();
    const id = driver.tasks.mintId();
    const outcome = await driver.tasks.enqueue(newTask(id, { delayMs: 5_000 }));
    expect(outcome).toEqual({ outcome: "created", id, state: "SCHEDULED" });
    const { createdAt, ...task } = await driver.task(id);
    expect(task).toMatchObject({
      state: "SCHEDULED",
      retryAfterAt: createdAt + 5_000,
      stateHistory: [{ state: "SCHEDULED", at: createdAt }],
    });
    expect(await driver.claim()).toEqual([]);
  });

  it("schedules a task with a date", async () => {
    const driver = await open();
    const runAt = driver.clock.now() + 86_400_000;
    const id = await driver.enqueue({ runAt });
    expect(await driver.task(id)).toMatchObject({ state: "SCHEDULED", retryAfterAt: runAt });
  });

  it("takes a date in the past for now", async () => {
    const driver = await open();
    const id = await driver.enqueue({ runAt: driver.clock.now() - 60_000 });
    await driver.tasks.promote(10);
    expect(await driver.claimOne()).toMatchObject({ id, ageMs: 0, attempt: 1 });
  });

  it("counts the time to expiry from when it is first due", async () => {
    const driver = await open();
    const now = driver.clock.now();
    const id = await driver.enqueue({ delayMs: 10_000, expiresInMs: 1_000 });
    expect((await driver.task(id)).expiresAt).toBe(now + 11_000);
  });

  it("accepts a batch in order", async () => {
    const driver = await open();
    const tasks = [
      newTask(driver.tasks.mintId()),
      newTask(driver.tasks.mintId(), { delayMs: 1_000 }),
      newTask(driver.tasks.mintId(), { queue: "other" }),
    ];
    expect(await driver.tasks.enqueueBatch(tasks)).toEqual([
      { outcome: "created", id: tasks[0]?.id, state: "PENDING" },
      { outcome: "created", id: tasks[1]?.id, state: "SCHEDULED" },
      { outcome: "created", id: tasks[2]?.id, state: "PENDING" },
    ]);
    expect(await driver.tasks.enqueueBatch([])).toEqual([]);
  });

  it("accepts the largest batch, all of it, in order, and once", async () => {
    const driver = await open();
    const tasks = Array.from({ length: maxBatchSize }, (_, index) =>
      newTask(driver.tasks.mintId(), { content: String(index) }),
    );
    const outcomes = await driver.tasks.enqueueBatch(tasks);
    expect(outcomes.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["created"]));
    const again = await driver.tasks.enqueueBatch(tasks);
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(["exists"]));
    expect((await driver.tasks.status()).states.PENDING).toBe(maxBatchSize);
    const claimed = await driver.claim({ queues: { primary: 100 }, limit: 100 });
    expect(claimed.map(({ content }) => content)).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  });

  it("creates nothing of a batch with a conflict", async () => {
    const driver = await open();
    const holder = await driver.enqueue({ idempotency: { key: "k", fingerprint: "f1" } });
    const before = newTask(driver.tasks.mintId());
    const conflicting = newTask(driver.tasks.mintId(), { idempotency: { key: "k", fingerprint: "f2" } });
    const after = newTask(driver.tasks.mintId(), { idempotency: { key: "new", fingerprint: "f" } });
    expect(await driver.tasks.enqueueBatch([before, conflicting, after])).toEqual([
      { outcome: "refused", id: before.id },
      { outcome: "conflict", id: holder },
      { outcome: "refused", id: after.id },
    ]);
    expect(await driver.tasks.get(before.id)).toBeNull();
    expect((await driver.tasks.status()).states.PENDING).toBe(1);
    expect(await driver.tasks.enqueue(after)).toMatchObject({ outcome: "created" });
  });

  it("creates nothing of a large batch with a conflict at its end", async () => {
    const driver = await open();
    await driver.enqueue({ idempotency: { key: "k", fingerprint: "f1" } });
    const tasks = Array.from({ length: 700 }, () => newTask(driver.tasks.mintId()));
    const conflicting = newTask(driver.tasks.mintId(), { idempotency: { key: "k", fingerprint: "f2" } });
    const outcomes = await driver.tasks.enqueueBatch([...tasks, conflicting]);
    expect(outcomes.slice(0, -1).every(({ outcome }) => outcome === "refused")).toBe(true);
    const page = await driver.tasks.list({
      filter: {},
      sortBy: "created_at",
      sortOrder: "desc",
      position: { offset: 0 },
      limit: 100,
      withBodies: true,
    });
    expect(page.total).toBe(1);
  });

  it("meets a key twice in one batch as it would in two", async () => {
    const driver = await open();
    const idempotency = { key: "twice", fingerprint: "f" };
    const first = newTask(driver.tasks.mintId(), { idempotency });
    const second = newTask(driver.tasks.mintId(), { idempotency });
    expect(await driver.tasks.enqueueBatch([first, second])).toEqual([
      { outcome: "created", id: first.id, state: "PENDING" },
      { outcome: "exists", id: first.id },
    ]);
    const third = newTask(driver.tasks.mintId(), { idempotency: { key: "other", fingerprint: "a" } });
    const fourth = newTask(driver.tasks.mintId(), { idempotency: { key: "other", fingerprint: "b" } });
    expect(await driver.tasks.enqueueBatch([third, fourth])).toEqual([
      { outcome: "refused", id: third.id },
      { outcome: "conflict", id: third.id },
    ]);
    expect((await driver.tasks.status()).states.PENDING).toBe(1);
  });
});
