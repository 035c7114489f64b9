/** Which of many ids are new: told by the index of all tasks where it can be (lua/lib/intake-known.lua), by their keys otherwise. */
import { mintTaskId, type NewTask, type Stores } from "@workstream/core";
import { newTask } from "@workstream/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
let stores: Stores;

beforeEach(async () => {
  stores = await redis.open();
});

const minute = 60_000;
const sent = Date.UTC(2026, 0, 1);

/** Tasks of one instant, their ids ascending. */
function tasksOf(atMs: number, count: number, overrides: Partial<NewTask> = {}): NewTask[] {
  return Array.from({ length: count }, () => newTask(mintTaskId(atMs), overrides));
}

async function outcomes(tasks: readonly NewTask[]): Promise<string[]> {
  return (await stores.tasks.enqueueBatch(tasks)).map(({ outcome }) => outcome);
}

const pending = async () => (await stores.tasks.status()).states.PENDING;

describe.each([
  ["one script", 20],
  ["several parts", 600],
])("a batch in %s", (_, size) => {
  it("that was accepted is there when it comes again", async () => {
    const batch = tasksOf(sent, size);
    expect(new Set(await outcomes(batch))).toEqual(new Set(["created"]));
    expect(new Set(await outcomes(batch))).toEqual(new Set(["exists"]));
    expect(await pending()).toBe(size);
  });

  it("is new though its ids are older than what is there", async () => {
    await outcomes(tasksOf(sent + minute, 3));
    expect(new Set(await outcomes(tasksOf(sent, size)))).toEqual(new Set(["created"]));
    expect(await pending()).toBe(size + 3);
  });

  it("adds what is new between what is there", async () => {
    const [first, ...others] = tasksOf(sent, size);
    const last = others.at(-1) as NewTask;
    await outcomes([first as NewTask, last]);
    const expected = [...others.map(() => "created")];
    expected[expected.length - 1] = "exists";
    expect(await outcomes([first as NewTask, ...others])).toEqual(["exists", ...expected]);
    expect(await pending()).toBe(size);
  });

  it("takes an id that stands in it twice once, wherever it stands", async () => {
    const batch = tasksOf(sent, size);
    const twice = [...batch, batch[2] as NewTask, ...tasksOf(sent + minute, 2), batch.at(-1) as NewTask];
    expect((await outcomes(twice)).filter((outcome) => outcome === "exists")).toHaveLength(2);
    expect(await pending()).toBe(size + 2);
  });

  it("may come with its ids in any order", async () => {
    const batch = tasksOf(sent, size).reverse();
    expect(new Set(await outcomes(batch))).toEqual(new Set(["created"]));
    expect(new Set(await outcomes([...batch].reverse()))).toEqual(new Set(["exists"]));
    expect(await pending()).toBe(size);
  });
});

describe("ids of one script", () => {
  it("are told apart when one of them comes as a plain task and as another", async () => {
    const [plain, other] = tasksOf(sent, 2) as [NewTask, NewTask];
    const unusual = { metadata: '{"a":1}' };
    const batch = [
      ...[plain, { ...plain, ...unusual }],
      ...[{ ...other, ...unusual }, other, ...tasksOf(sent + minute, 2)],
    ];
    expect(await outcomes(batch)).toEqual(["created", "exists", "created", "exists", "created", "created"]);
    expect(await pending()).toBe(4);
  });

  it("are looked up when the newest task is no plain one", async () => {
    const [older, newest] = [tasksOf(sent, 2), tasksOf(sent + minute, 1, { metadata: '{"a":1}' })];
    await outcomes(older);
    await outcomes(newest);
    expect(await outcomes([...older, ...tasksOf(sent + 2 * minute, 1)])).toEqual([
      "exists",
      "exists",
      "created",
    ]);
    expect(await outcomes(newest.map((task) => ({ ...task, metadata: "{}" })))).toEqual(["exists"]);
  });

  it("are new again once their tasks are deleted", async () => {
    const [task] = tasksOf(sent, 1) as [NewTask];
    await outcomes([task]);
    await stores.tasks.delete(task.id);
    expect(await outcomes([task])).toEqual(["created"]);
  });
});
