import { expect, it } from "vitest";
import { mapBounded } from "./map-bounded.ts";

/** Promises that the test ends by hand, in any order. */
function gates(count: number) {
  return Array.from({ length: count }, () => {
    let open = () => {};
    let slam = (_error: Error) => {};
    const passed = new Promise<void>((resolve, reject) => {
      open = resolve;
      slam = reject;
    });
    return { passed, open, slam };
  });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

it("runs no more at once than it may, and answers in order", async () => {
  const doors = gates(4);
  const begun: number[] = [];
  const mapping = mapBounded([0, 1, 2, 3], 2, async (item) => {
    begun.push(item);
    await doors[item]!.passed;
    return item * 10;
  });
  expect(begun).toEqual([0, 1]);
  doors[1]!.open();
  await settled();
  expect(begun).toEqual([0, 1, 2]);
  for (const door of doors) door.open();
  expect(await mapping).toEqual([0, 10, 20, 30]);
});

it("begins nothing after a fault, and waits for what had begun", async () => {
  const doors = gates(4);
  const begun: number[] = [];
  const ended: number[] = [];
  const mapping = mapBounded([0, 1, 2, 3], 2, async (item) => {
    begun.push(item);
    await doors[item]!.passed;
    ended.push(item);
  });
  const outcome = mapping.then(
    () => "done",
    (error: Error) => error.message,
  );
  doors[0]!.slam(new Error("the first"));
  await settled();
  expect(begun).toEqual([0, 1]);
  doors[1]!.open();
  expect(await outcome).toBe("the first");
  expect(ended).toEqual([1]);
});

it("answers nothing for nothing", async () => {
  expect(await mapBounded([], 4, () => Promise.reject(new Error("never")))).toEqual([]);
});
