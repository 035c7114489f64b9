import { createClient } from "@workstream/client";
import {
  createdBatchSchema,
  createdTaskSchema,
  deletedTaskSchema,
  gatewayHealthSchema,
  guardedServiceSchema,
  latencySchema,
  openedBreakersSchema,
  openRouterCreditsSchema,
  openRouterMetricsSchema,
  openRouterStatusSchema,
  pausedQueueSchema,
  pendingResultSchema,
  poolStatsSchema,
  queueStatusSchema,
  requeuedOrphansSchema,
  resetBreakersSchema,
  type ServiceInfo,
  serviceDetailSchema,
  servicesSchema,
  storeHealthSchema,
  taskDetailPageSchema,
  taskDetailSchema,
  taskResultSchema,
  taskStateAnswerSchema,
  taskSummaryPageSchema,
  taskTypeSchema,
  throughputSchema,
  workerFleetSchema,
} from "@workstream/core";
import { defineService } from "@workstream/worker";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type StageOptions, useApi } from "../api/api-stage.ts";
import { taskInState } from "../task-in-state.ts";

const openApi = useApi();

async function openClient(options: StageOptions = {}) {
  const stage = await openApi(options);
  const client = createClient({ baseUrl: await stage.listen() });
  return { ...stage, client };
}

/** What is asserted of an answer: that it is just what the contract says. */
function expectToBe(schema: z.ZodType, answer: unknown): void {
  expect(schema.parse(answer)).toEqual(answer);
}

function service(name: string): ServiceInfo {
  const { policy } = defineService({ name, limit: "230/10s" });
  return { name, policy, check: null, creditThresholds: { warning: 10, critical: 5 } };
}

const pdf = new File(["%PDF-1.4\n%%EOF\n"], "süd.pdf", { type: "application/pdf" });

describe("creating tasks", () => {
  it("takes a text, an input of any type, and a batch", async () => {
    const { client } = await openClient();
    const text = await client.tasks.summarize({ content: "Bees.", priority: "high", metadata: { a: [1] } });
    expectToBe(createdTaskSchema, text);
    expect(await client.tasks.get(text.task_id)).toMatchObject({
      content: "Bees.",
      priority: "high",
      metadata: { a: [1] },
    });
    const typed = await client.tasks.create("report", { input: { year: 2026 }, delay_seconds: 60 });
    expectToBe(createdTaskSchema, typed);
    expect(typed.state).toBe("SCHEDULED");
    const tasks = [1, 2].map((year) => ({ type: "report", input: { year } }));
    const batch = await client.tasks.createBatch({ tasks }, { idempotencyKey: "k" });
    expectToBe(createdBatchSchema, batch);
    expect(await client.tasks.createBatch({ tasks }, { idempotencyKey: "k" })).toEqual(batch);
  });

  it("uploads a file with its options, and downloads it", async () => {
    const { client } = await openClient();
    const progress: unknown[] = [];
    const created = await client.tasks.pdfxtract(
      {
        file: pdf,
        issueDate: "2026-01-31",
        priority: "low",
        max_retries: 2,
        delay_seconds: 9,
        queue: null,
        metadata: { from: 'a "test"' },
      },
      { onProgress: (told) => progress.push(told) },
    );
    expectToBe(createdTaskSchema, created);
    expect(await client.tasks.get(created.task_id)).toMatchObject({
      state: "SCHEDULED",
      task_type: "pdfxtract",
      priority: "low",
      max_retries: 2,
      content: "süd.pdf",
      metadata: { from: 'a "test"', filename: "süd.pdf", issue_date: "2026-01-31", file_size: pdf.size },
    });
    expect(progress).toEqual([
      { sentBytes: 0, totalBytes: pdf.size },
      { sentBytes: pdf.size, totalBytes: pdf.size },
    ]);
    const input = await client.tasks.input(created.task_id);
    expect(input.headers.get("content-type")).toBe("application/pdf");
    expect(input.headers.get("content-disposition")).toContain("attachment");
    expect(await input.text()).toBe(await pdf.text());
  });

  it("uploads to any type that takes a file, under a name of the caller's", async () => {
    const { client } = await openClient();
    const { task_id } = await client.tasks.upload("archive", { file: new Blob(["x"]), filename: "a.bin" });
    expect(await client.tasks.get(task_id)).toMatchObject({ task_type: "archive", content: "a.bin" });
  });

  it("lists the types that there are", async () => {
    const { client } = await openClient();
    const types = await client.taskTypes.list();
    expectToBe(z.array(taskTypeSchema).min(1), types);
  });
});

describe("reading tasks", () => {
  it("lists them, with what is null or undefined left out of the query", async () => {
    const { client, driver } = await openClient();
    await driver.enqueueMany(3);
    const query = { page: 2, page_size: 2, sort_order: "asc", status: null, task_type: undefined } as const;
    const page = await client.tasks.list(query);
    expectToBe(taskDetailPageSchema, page);
    expect(page).toMatchObject({ page: 2, total_items: 3, tasks: [{ state: "PENDING" }] });
    expectToBe(taskSummaryPageSchema, await client.tasks.summaries({ status: "PENDING" }));
    expect((await client.tasks.summaries({ status: "DLQ" })).tasks).toEqual([]);
    expect((await client.tasks.list()).tasks).toHaveLength(3);
    expectToBe(taskDetailSchema, await client.tasks.get(page.tasks[0]?.task_id ?? ""));
  });

  it.each(["", ".", "..", "a/b", "?", "none"])("knows no task by the id %j", async (id) => {
    const { client } = await openClient();
    await expect(client.tasks.get(id)).rejects.toMatchObject({ kind: "problem", code: "not_found" });
    await expect(client.tasks.delete(id)).rejects.toMatchObject({ kind: "problem", code: "not_found" });
  });

  it("answers a result, or that there is none yet", async () => {
    const { client, driver } = await openClient();
    const { id } = await taskInState(driver, "COMPLETED");
    const ended = await client.tasks.result(id);
    expectToBe(taskResultSchema, ended);
    expect(ended.state).toBe("COMPLETED");
    const waiting = await client.tasks.result(await driver.enqueue(), { waitSeconds: 0.05 });
    expectToBe(pendingResultSchema, waiting);
  });

  it("tells throughput and latency", async () => {
    const { client } = await openClient();
    expectToBe(
      throughputSchema.extend({ metrics: z.array(z.unknown()).length(5) }),
      await client.tasks.throughput(5),
    );
    expectToBe(
      latencySchema.extend({ metrics: z.array(z.unknown()).length(60) }),
      await client.tasks.latency(),
    );
  });
});

describe("managing tasks", () => {
  it("cancels, retries and deletes one", async () => {
    const { client, driver } = await openClient();
    const id = await driver.enqueue();
    const cancelled = await client.tasks.cancel(id, { reason: "Not wanted." });
    expectToBe(taskStateAnswerSchema, cancelled);
    expect(await client.tasks.get(id)).toMatchObject({ state: "CANCELLED", last_error: "Not wanted." });
    expect(await client.tasks.retry(id)).toEqual({ task_id: id, state: "PENDING" });
    await client.tasks.cancel(id);
    await client.tasks.retry(id, { reset_retry_count: true });
    expectToBe(deletedTaskSchema, await client.tasks.delete(id));
    await expect(client.tasks.get(id)).rejects.toMatchObject({ status: 404 });
  });

  it("puts orphans back", async () => {
    const { client } = await openClient();
    expectToBe(requeuedOrphansSchema, await client.tasks.requeueOrphaned());
  });
});

describe("queues", () => {
  it("are looked into", async () => {
    const { client, driver } = await openClient();
    const { id: dead } = await taskInState(driver, "DLQ");
    const ids = [await driver.enqueue(), await driver.enqueue()];
    const status = await client.queues.status();
    expectToBe(queueStatusSchema, status);
    expect(status.queues).toMatchObject({ primary: 2, dlq: 1 });
    expect(await client.queues.taskIds("primary", 1)).toEqual(ids.slice(0, 1));
    expect(await client.queues.taskIds("primary")).toEqual(ids);
    expect(await client.queues.deadLetters(5)).toMatchObject([{ task_id: dead, state: "DLQ" }]);
    await expect(client.queues.taskIds("")).rejects.toMatchObject({ code: "unknown_queue" });
  });

  it("are paused and resumed", async () => {
    const { client } = await openClient();
    const paused = await client.queues.pause("primary");
    expectToBe(pausedQueueSchema, paused);
    expect(paused).toMatchObject({ paused: true, changed: true });
    expect(await client.queues.resume("primary")).toMatchObject({ paused: false, changed: true });
  });
});

describe("services", () => {
  const services = [service("openrouter"), service("mail")];

  it("are read, and their limit is changed", async () => {
    const { client } = await openClient({ services });
    expectToBe(servicesSchema, await client.services.list());
    const limited = await client.services.setLimit("mail", { requests: 5, interval_seconds: 2 });
    expectToBe(guardedServiceSchema, limited);
    const mail = await client.services.get("mail", { forceRefresh: true });
    expectToBe(serviceDetailSchema, mail);
    expect(mail.limiter).toMatchObject({ requests: 5, interval_seconds: 2 });
    await expect(client.services.get("none")).rejects.toMatchObject({ code: "unknown_service" });
  });

  it("have their breakers opened and reset, one or all", async () => {
    const { client } = await openClient({ services });
    const opened = await client.breakers.open("mail");
    expectToBe(openedBreakersSchema, opened);
    expect(opened.results).toMatchObject([{ service: "mail", new_state: { state: "open" } }]);
    const reset = await client.breakers.reset();
    expectToBe(resetBreakersSchema, reset);
    expect(reset.results).toHaveLength(2);
  });

  it("has OpenRouter among them", async () => {
    const { client } = await openClient({ services });
    expectToBe(openRouterStatusSchema, await client.openrouter.status({ forceRefresh: true }));
    const metrics = await client.openrouter.metrics(3);
    expectToBe(openRouterMetricsSchema, metrics);
    expect(metrics.days).toBe(3);
    expectToBe(openRouterCreditsSchema, await client.openrouter.credits());
  });
});

describe("the gateway, its store and its fleet", () => {
  it("tell how they are", async () => {
    const { client } = await openClient();
    expectToBe(gatewayHealthSchema, await client.health.get());
    expect(await client.health.ready()).toEqual({ status: "ready" });
    expectToBe(storeHealthSchema, await client.store.health());
    expectToBe(poolStatsSchema, await client.store.stats());
    expectToBe(workerFleetSchema, await client.workers.list());
  });
});
