import type { Stores } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { complete, failed } from "../task-driver.ts";
import { until } from "../until.ts";
import { useApi } from "./api-stage.ts";

const pathOf = (id: string, wait?: number | string) =>
  `/api/v1/tasks/${id}/result${wait === undefined ? "" : `?wait_seconds=${wait}`}`;

describe.each(storeKinds)("a task's result on %s", (kind) => {
  const openApi = useApi(kind);

  /** Counts reads of tasks, and knows how many wait. */
  function watched() {
    const seen = { gets: 0, subscriptions: 0 };
    const wrap = (stores: Stores): Stores => ({
      ...stores,
      tasks: new Proxy(stores.tasks, {
        get(tasks, name) {
          if (name === "get") seen.gets += 1;
          const member = Reflect.get(tasks, name);
          return typeof member === "function" ? member.bind(tasks) : member;
        },
      }),
      events: {
        async subscribe(listener) {
          const subscription = await stores.events.subscribe(listener);
          seen.subscriptions += 1;
          return {
            async close() {
              await subscription.close();
              seen.subscriptions -= 1;
            },
          };
        },
      },
    });
    return { seen, wrap };
  }

  it("is given at once when it is there", async () => {
    const { ask, driver } = await openApi();
    const id = await driver.ran(complete);
    expect(await ask("GET", pathOf(id))).toMatchObject({
      status: 200,
      body: {
        task_id: id,
        state: "COMPLETED",
        result: "done",
        last_error: null,
        error_type: null,
        completed_at: expect.stringMatching(/Z$/),
      },
    });
    const dead = await driver.ran(failed({ to: "DLQ" }, "PermanentError", "It broke."));
    expect((await ask("GET", pathOf(dead, 60))).body).toMatchObject({
      state: "DLQ",
      result: null,
      last_error: "It broke.",
      error_type: "PermanentError",
    });
  });

  it("is 202 with the state while the task has not ended", async () => {
    const { ask, driver } = await openApi();
    const id = await driver.enqueue();
    expect(await ask("GET", pathOf(id))).toMatchObject({
      status: 202,
      body: { task_id: id, state: "PENDING" },
    });
    const startedAt = performance.now();
    expect((await ask("GET", pathOf(id, "0.2"))).status).toBe(202);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
  });

  it("is waited for without polling, and comes as soon as it is there", async () => {
    const { seen, wrap } = watched();
    const { ask, driver } = await openApi({ wrap });
    const id = await driver.enqueue();
    const answers = Promise.all(Array.from({ length: 20 }, () => ask("GET", pathOf(id, 60))));
    await until("the waits to begin", () => seen.gets === 40);
    expect(seen.subscriptions).toBe(1);
    const attempt = await driver.claimOne();
    await driver.settle(attempt, complete);
    for (const { status, body } of await answers) expect([status, body.result]).toEqual([200, "done"]);
    expect(seen.gets).toBeLessThanOrEqual(80);
    await until("the subscription to end", () => seen.subscriptions === 0);
  });

  it("is 404 for an unknown task, and for one that is deleted meanwhile", async () => {
    const { seen, wrap } = watched();
    const { ask, driver } = await openApi({ wrap });
    expect((await ask("GET", pathOf("nonsense", 60))).status).toBe(404);
    const id = await driver.enqueue();
    const answer = ask("GET", pathOf(id, 60));
    await until("the wait to begin", () => seen.gets === 3);
    await driver.tasks.delete(id);
    expect((await answer).status).toBe(404);
  });

  it("is told as it stands when the gateway closes", async () => {
    const { seen, wrap } = watched();
    const { app, ask, driver } = await openApi({ wrap });
    const id = await driver.enqueue();
    const answer = ask("GET", pathOf(id, 60));
    await until("the wait to begin", () => seen.gets === 2);
    await app.close();
    expect((await answer).status).toBe(202);
  });

  it.each(["-1", "61", "long"])("is refused for a wait of %s", async (wait) => {
    const { ask, driver } = await openApi();
    expect((await ask("GET", pathOf(await driver.enqueue(), wait))).status).toBe(422);
  });
});
