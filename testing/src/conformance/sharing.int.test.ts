import { type ClaimedTask, defaultRetryRatio, type Priority } from "@workstream/core";
import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";
import { failed, TaskDriver } from "../task-driver.ts";

const retry = failed({ to: "SCHEDULED", delayMs: 0 });

/** Puts `count` tasks on the retry list of a queue that is otherwise empty. */
async function addRetries(driver: TaskDriver, count: number, queue = "primary"): Promise<string[]> {
  const ids = await driver.enqueueMany(count, { queue });
  const attempts = await driver.claim({ queues: { [queue]: count }, limit: count });
  await driver.tasks.settle(
    attempts[0] ? "host-1-aaaa" : "",
    attempts.map(({ id, token }) => ({ id, token, settlement: retry })),
  );
  await driver.tasks.promote(count);
  return ids;
}

function retriesIn(claimed: readonly ClaimedTask[]): number {
  return claimed.filter(({ retryCount }) => retryCount > 0).length;
}

describeStores("sharing", (openStores, _kind, isPartitioned) => {
  const open = async () => new TaskDriver(await openStores());

  it("takes three retries in ten claims of one", async () => {
    const driver = await open();
    await addRetries(driver, 60);
    await driver.enqueueMany(140);
    let retries = 0;
    for (let count = 1; count <= 100; count++) {
      retries += retriesIn(await driver.claim({ limit: 1 }));
      expect(retries).toBe(Math.floor(count * 0.3));
    }
  });

  it("takes three retries in every claim of ten, after the lanes", async () => {
    const driver = await open();
    await addRetries(driver, 60);
    await driver.enqueueMany(140);
    for (let count = 0; count < 20; count++) {
      const claimed = await driver.claim({ queues: { primary: 10 }, limit: 10 });
      expect(claimed.map(({ retryCount }) => retryCount)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    }
  });

  it("carries fractions of a share from claim to claim, whatever their sizes", async () => {
    const driver = await open();
    await addRetries(driver, 100);
    await driver.enqueueMany(200);
    let [asked, retries] = [0, 0];
    for (const limit of [3, 1, 7, 2, 2, 5, 1, 1, 9, 4, 6, 8, 1, 3, 2, 7, 11, 1]) {
      const claimed = await driver.claim({ queues: { primary: limit }, limit });
      expect(claimed).toHaveLength(limit);
      asked += limit;
      retries += retriesIn(claimed);
      expect(retries).toBe(Math.floor(asked * 0.3));
    }
  });

  it("lowers the share of retries when their list is long", async () => {
    const driver = await open();
    await addRetries(driver, 60);
    await driver.enqueueMany(200);
    const shares: number[] = [];
    const retryRatio = { normal: 0.3, warningDepth: 40, criticalDepth: 55 };
    while (shares.length < 12) {
      shares.push(retriesIn(await driver.claim({ queues: { primary: 10 }, limit: 10, retryRatio })));
    }
    // 60 → 55 by ones, 55 → 40 (41 is still above) by twos, then by threes.
    expect(shares.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(shares.slice(5)).toEqual([2, 2, 2, 2, 2, 2, 2]);
    const rest: number[] = [];
    for (let count = 0; count < 4; count++) {
      rest.push(retriesIn(await driver.claim({ queues: { primary: 10 }, limit: 10, retryRatio })));
    }
    expect(rest).toEqual([2, 3, 3, 3]);
  });

  it.skipIf(isPartitioned)(
    "gives what one side can't fill to the other (shares and order hold in each partition)",
    async () => {
      const driver = await open();
      await addRetries(driver, 1);
      await driver.enqueueMany(9);
      expect(retriesIn(await driver.claim())).toBe(1);
      await addRetries(driver, 9);
      await driver.enqueueMany(2);
      const claimed = await driver.claim();
      expect(claimed).toHaveLength(10);
      expect(retriesIn(claimed)).toBe(8);
    },
  );

  it.skipIf(isPartitioned)(
    "leaves the carry alone while one side is empty (shares and order hold in each partition)",
    async () => {
      const driver = await open();
      await driver.enqueueMany(7);
      for (let count = 0; count < 7; count++) await driver.claim({ limit: 1 });
      await addRetries(driver, 5);
      for (let count = 0; count < 2; count++) await driver.claim({ limit: 1 });
      await driver.enqueueMany(10);
      const kinds: number[] = [];
      for (let count = 0; count < 4; count++) kinds.push(retriesIn(await driver.claim({ limit: 1 })));
      expect(kinds).toEqual([0, 0, 0, 1]);
    },
  );

  it("takes only retries when there is nothing else, and the other way round", async () => {
    const driver = await open();
    const retries = await addRetries(driver, 5);
    expect((await driver.claim()).map(({ id }) => id)).toEqual(retries);
    const fresh = await driver.enqueueMany(5);
    expect((await driver.claim()).map(({ id }) => id)).toEqual(fresh);
  });

  it("keeps the retries of named queues apart", async () => {
    const driver = await open();
    const retries = await addRetries(driver, 10, "mail");
    await driver.enqueueMany(10, { queue: "mail" });
    expect((await driver.tasks.status()).queues).toMatchObject({ retry: 0, mail: 20 });
    expect(await driver.claim({ queues: { primary: 10 } })).toEqual([]);
    const claimed = await driver.claim({ queues: { mail: 10 } });
    expect(retriesIn(claimed)).toBe(3);
    expect(claimed.slice(7).map(({ id }) => id)).toEqual(retries.slice(0, 3));
  });

  it("goes by lanes, with a tenth for the lowest", async () => {
    const driver = await open();
    const high = await driver.enqueueMany(30, { priority: "high" });
    const normal = await driver.enqueueMany(30);
    const low = await driver.enqueueMany(5, { priority: "low" });
    const ten = async () => (await driver.claim({ queues: { primary: 10 }, limit: 10 })).map(({ id }) => id);
    expect(await ten()).toEqual([...high.slice(0, 9), low[0]]);
    expect(await ten()).toEqual([...high.slice(9, 18), low[1]]);
    expect(await ten()).toEqual([...high.slice(18, 27), low[2]]);
    expect(await ten()).toEqual([...high.slice(27), ...normal.slice(0, 6), low[3]]);
    expect(await ten()).toEqual([...normal.slice(6, 15), low[4]]);
    expect(await ten()).toEqual(normal.slice(15, 25));
  });

  it.each([
    ["high", "normal"],
    ["high", "low"],
    ["normal", "low"],
  ] as const)(
    "takes one task in ten from the lower of %s and %s, one at a time too",
    async (upper, lower) => {
      const driver = await open();
      await driver.enqueueMany(40, { priority: upper });
      const lows = new Set(await driver.enqueueMany(10, { priority: lower }));
      let taken = 0;
      for (let count = 1; count <= 40; count++) {
        const { id } = await driver.claimOne();
        taken += lows.has(id) ? 1 : 0;
        expect(taken).toBe(Math.floor(count / 10));
      }
    },
  );

  it("orders an answer by strict lanes, the lowest lane's tenth, retries", async () => {
    const driver = await open();
    await addRetries(driver, 20);
    const kinds = new Map<string, string>();
    for (const priority of ["low", "high", "normal"] satisfies Priority[]) {
      for (const id of await driver.enqueueMany(20, { priority })) kinds.set(id, priority);
    }
    const answer = async () => (await driver.claim()).map(({ id }) => kinds.get(id) ?? "retry").join(" ");
    // 7 of 10 go to the lanes: 0.7 of a task for the lowest, carried on to 1.4 at the second claim.
    const sevenHigh = "high high high high high high high";
    expect(await answer()).toBe(`${sevenHigh} retry retry retry`);
    expect(await answer()).toBe(`${sevenHigh.slice(5)} low retry retry retry`);
  });

  it("says from which lane a task was taken, plain or not", async () => {
    const driver = await open();
    await addRetries(driver, 1);
    for (const metadata of ["{}", '{"a":1}']) {
      for (const priority of ["high", "normal", "low"] as const) await driver.enqueue({ priority, metadata });
    }
    const claimed = await driver.claim({ limit: 7 });
    const lanes = claimed.map(({ lane, metadata }) => `${lane} ${metadata}`);
    expect(lanes.toSorted()).toEqual(
      [
        ...["high", "low", "normal"].flatMap((lane) => [`${lane} {"a":1}`, `${lane} {}`]),
        "retry {}",
      ].toSorted(),
    );
  });

  it("keeps shares by queue", async () => {
    const driver = await open();
    for (const queue of ["a", "b"]) {
      await addRetries(driver, 10, queue);
      await driver.enqueueMany(10, { queue });
    }
    const takes: Record<string, number[]> = { a: [], b: [] };
    for (let count = 0; count < 8; count++) {
      for (const queue of ["a", "b"]) {
        takes[queue]?.push(retriesIn(await driver.claim({ queues: { [queue]: 1 } })));
      }
    }
    expect(takes).toEqual({ a: [0, 0, 0, 1, 0, 0, 1, 0], b: [0, 0, 0, 1, 0, 0, 1, 0] });
  });

  it.skipIf(isPartitioned)(
    "asks queues in order, each for its number, up to the limit (shares and order hold in each partition)",
    async () => {
      const driver = await open();
      for (const queue of ["a", "b", "c"]) await driver.enqueueMany(5, { queue });
      const queues = async (request: Record<string, number>, limit: number) =>
        (await driver.claim({ queues: request, limit })).map(({ queue }) => queue).join("");
      expect(await queues({ b: 2, a: 2, c: 9 }, 5)).toBe("bbaac");
      expect(await queues({ a: 1 }, 5)).toBe("a");
      expect(await queues({ a: 9, b: 9, c: 9 }, 20)).toBe("aabbbcccc");
    },
  );

  it("takes nothing from a paused queue and spends no limit on it", async () => {
    const driver = await open();
    await driver.enqueueMany(3, { queue: "a" });
    await driver.enqueueMany(3, { queue: "b" });
    await addRetries(driver, 2, "c");
    await driver.tasks.pause("a");
    await driver.tasks.pause("c");
    const claimed = await driver.claim({ queues: { a: 3, c: 3, b: 3 }, limit: 3 });
    expect(claimed.map(({ queue }) => queue)).toEqual(["b", "b", "b"]);
    await driver.tasks.resume("a");
    await driver.tasks.resume("c");
    expect(await driver.claim({ queues: { a: 5, c: 5 }, limit: 10 })).toHaveLength(5);
  });

  it("asks for nothing with a limit or a number of nought", async () => {
    const driver = await open();
    await driver.enqueueMany(2);
    expect(await driver.claim({ limit: 0 })).toEqual([]);
    expect(await driver.claim({ queues: { primary: 0 } })).toEqual([]);
    expect(await driver.claim({ queues: {} })).toEqual([]);
    expect((await driver.tasks.status()).states.PENDING).toBe(2);
  });

  it("passes over what expired and cancels it", async () => {
    const driver = await open();
    const expired = await driver.enqueue({ expiresInMs: 1_000 });
    const live = await driver.enqueue({ expiresInMs: 1_001 });
    driver.clock.advance(1_000);
    const claimed = [...(await driver.claim({ limit: 1 })), ...(await driver.claim({ limit: 1 }))];
    expect(claimed.map(({ id }) => id)).toEqual([live]);
    expect(await driver.task(expired)).toMatchObject({
      state: "CANCELLED",
      errorType: "Expired",
      lastError: "It was not started in time.",
      completedAt: driver.clock.now(),
    });
  });

  it("does not let a task expire that has started once", async () => {
    const driver = await open();
    await driver.enqueue({ expiresInMs: 1_000 });
    const attempt = await driver.claimOne();
    await driver.settle(attempt, { kind: "release" });
    driver.clock.advance(5_000);
    expect((await driver.claimOne()).id).toBe(attempt.id);
  });

  it("has a default share of three in ten", () => {
    expect(defaultRetryRatio.normal).toBe(0.3);
  });
});
