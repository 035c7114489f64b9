import { type InputStore, inputChunkBytes, maxInlineBytes } from "@workstream/core";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import { newTask } from "../new-task.ts";
import { describeStores } from "../store-fixture.ts";
import { complete, TaskDriver } from "../task-driver.ts";

function bytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

async function upload(inputs: InputStore, id: string, ...chunks: Uint8Array[]): Promise<void> {
  const writer = await inputs.open(id);
  for (const chunk of chunks) await writer.write(chunk);
}

async function download(inputs: InputStore, id: string): Promise<{ bytes: Buffer; chunks: number[] } | null> {
  const stream = await inputs.read(id);
  if (!stream) return null;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), chunks: chunks.map(({ length }) => length) };
}

describeStores("inputs", (openStores, kind, isPartitioned) => {
  const open = async () => {
    const opened = await openStores();
    return { ...opened, inputs: opened.stores.inputs, driver: new TaskDriver(opened) };
  };
  const file = { contentKind: "file", content: "report.pdf" } as const;

  it.each([
    ["one byte", [bytes(1)]],
    ["one chunk", [bytes(inputChunkBytes)]],
    ["many uneven chunks", [bytes(10), bytes(70_000), bytes(1), bytes(inputChunkBytes - 3)]],
    ["a piece larger than a chunk", [bytes(3 * inputChunkBytes + 17)]],
  ])("gives back the bytes of a file: %s", async (_, chunks) => {
    const { tasks, inputs, driver } = await open();
    const id = tasks.mintId();
    await upload(inputs, id, ...chunks);
    await driver.enqueue({ id, ...file });
    const got = await download(inputs, id);
    const sent = Buffer.concat(chunks);
    expect(got?.bytes.equals(sent)).toBe(true);
    expect(Math.max(...(got?.chunks ?? []))).toBeLessThanOrEqual(inputChunkBytes);
    expect(await driver.task(id)).toMatchObject({ ...file, contentLength: sent.length });
    expect(await driver.claimOne()).toMatchObject(file);
  });

  it("does not mind that the writer reuses its buffer", async () => {
    const { tasks, inputs, driver } = await open();
    const id = tasks.mintId();
    const writer = await inputs.open(id);
    const buffer = new Uint8Array(4);
    for (const value of [1, 2, 3]) {
      buffer.fill(value);
      await writer.write(buffer);
    }
    await driver.enqueue({ id, ...file });
    expect([...((await download(inputs, id))?.bytes ?? [])]).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it("has no bytes for a task without a file, or for no task", async () => {
    const { tasks, inputs, driver } = await open();
    expect(await inputs.read(tasks.mintId())).toBeNull();
    const other = tasks.mintId();
    await upload(inputs, other, bytes(5));
    await driver.enqueue({ id: other, ...file });
    expect(await inputs.read(tasks.mintId())).toBeNull();
  });

  it("forgets an upload that was given up", async () => {
    const { tasks, inputs } = await open();
    const id = tasks.mintId();
    const writer = await inputs.open(id);
    await writer.write(bytes(300_000));
    await writer.abort();
    expect(await inputs.read(id)).toBeNull();
  });

  it.skipIf(kind === "sqlite" || isPartitioned)(
    "lets an upload lapse after an hour unless its task comes (seen by its TTL; SQLite has none)",
    async () => {
      const { tasks, inputs, driver, redisUrl, place } = await open();
      const id = tasks.mintId();
      await upload(inputs, id, bytes(1_000));
      const redis = new Redis(redisUrl ?? "", { keyPrefix: place });
      const ttlMs = await redis.pttl(`input:${id}`);
      expect(ttlMs).toBeGreaterThan(3_500_000);
      expect(ttlMs).toBeLessThanOrEqual(3_600_000);
      await driver.enqueue({ id, ...file });
      expect(await redis.pttl(`input:${id}`)).toBe(-1);
      await redis.quit();
    },
  );

  it.skipIf(kind === "redis")(
    "lets an upload lapse after an hour unless its task comes (on Redis a TTL does it, on the server's own clock)",
    async () => {
      const { tasks, inputs, driver, clock } = await open();
      const [lapsed, kept] = [tasks.mintId(), tasks.mintId()];
      await upload(inputs, lapsed, bytes(1_000));
      await upload(inputs, kept, bytes(1_000));
      await driver.enqueue({ id: kept, ...file });
      clock.advance(3_600_001);
      await driver.tasks.prune(
        {
          COMPLETED: { maxAgeMs: 1e12, maxCount: 1e6 },
          FAILED: { maxAgeMs: 1e12, maxCount: 1e6 },
          DLQ: { maxAgeMs: 1e12, maxCount: 1e6 },
          CANCELLED: { maxAgeMs: 1e12, maxCount: 1e6 },
        },
        200,
      );
      expect(await inputs.read(lapsed)).toBeNull();
      expect((await download(inputs, kept))?.bytes.length).toBe(1_000);
    },
  );

  it("removes the bytes with the task", async () => {
    const { tasks, inputs, driver } = await open();
    const [deleted, pruned] = [tasks.mintId(), tasks.mintId()];
    await upload(inputs, deleted, bytes(500_000));
    await upload(inputs, pruned, bytes(500_000));
    await driver.enqueue({ id: deleted, ...file });
    await tasks.delete(deleted);
    expect(await inputs.read(deleted)).toBeNull();
    await driver.ran(complete, { id: pruned, ...file });
    const gone = { maxAgeMs: 0, maxCount: 0 };
    driver.clock.advance(1);
    await tasks.prune({ COMPLETED: gone, FAILED: gone, DLQ: gone, CANCELLED: gone }, 200);
    expect(await inputs.read(pruned)).toBeNull();
  });

  it("keeps the bytes through retries", async () => {
    const { tasks, inputs, driver } = await open();
    const id = tasks.mintId();
    await upload(inputs, id, bytes(1_000));
    await driver.ran({ kind: "cancel", reason: "" }, { id, ...file });
    await tasks.retry(id, { resetRetryCount: true });
    expect((await download(inputs, id))?.bytes.length).toBe(1_000);
  });

  it.each([
    ["at the limit", "ä".repeat(maxInlineBytes / 2)],
    ["just above it", `${"ä".repeat(maxInlineBytes / 2)}x`],
    ["of a megabyte", "日本 ".repeat(150_000)],
  ])("keeps a long text %s, wherever it lives", async (_, content) => {
    const { tasks, driver, clock } = await open();
    const id = await driver.enqueue({ content });
    const contentLength = Buffer.byteLength(content);
    const task = await driver.task(id);
    expect(task.content === content).toBe(true);
    expect(task).toMatchObject({ contentKind: "text", contentLength });
    const page = await tasks.list({
      filter: {},
      sortBy: "created_at",
      sortOrder: "asc",
      position: { offset: 0 },
      limit: 1,
      withBodies: true,
    });
    expect(page.tasks).toEqual([task]);
    const [claimed] = await driver.claim();
    expect(claimed?.content === content).toBe(true);
    await driver.settle(
      { id, token: claimed?.token ?? "" },
      { kind: "fail", error: "e", errorType: "Default", next: { to: "DLQ" } },
    );
    const [letter] = await tasks.deadLetters(1);
    expect(letter?.content === content).toBe(true);
    clock.advance(1);
    await tasks.delete(id);
    expect(await tasks.enqueue(newTask(id, { content: "short" }))).toMatchObject({ outcome: "created" });
    expect((await driver.task(id)).content).toBe("short");
  });

  it("keeps long texts of a batch apart", async () => {
    const { tasks, driver } = await open();
    const batch = Array.from({ length: 5 }, (_, n) =>
      newTask(tasks.mintId(), { content: `${n}`.repeat(n % 2 ? 100_000 : 10) }),
    );
    await tasks.enqueueBatch(batch);
    const claimed = await driver.claim();
    expect(claimed.map(({ content }) => `${content.length} × ${content[0]}`)).toEqual(
      batch.map(({ content }) => `${content.length} × ${content[0]}`),
    );
  });
});
