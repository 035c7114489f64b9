/** What the gateway tells Prometheus. Store and fleet are asked when a scrape comes, and never for longer than this. */
import { type Stores, taskStates, workerStatus } from "@workstream/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { withDeadline } from "./deadline.ts";
import { createGauges } from "./prometheus-gauges.ts";
import { type ServiceReading, showServices } from "./service-gauges.ts";
import { storeTime } from "./store-time.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** How long it stays open says nothing about how fast it answers. */
    isStream?: boolean;
  }
}

type ReaderCount = { readonly readerCount: number };
type PrometheusParts = { stores: Stores; stream: ReaderCount; taskStreams: ReaderCount };

const scrapeDeadlineMs = 2_000;
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Prometheus {
  readonly #registry = new Registry();
  readonly #stores: Stores;
  readonly #readers: Record<"stream" | "taskStreams", ReaderCount>;
  readonly #durations: Histogram;
  readonly #accepted: Counter;
  readonly #gauges: ReturnType<typeof createGauges>;
  #hasProcessMetrics = false;

  constructor({ stores, ...readers }: PrometheusParts) {
    const registers = [this.#registry];
    this.#stores = stores;
    this.#readers = readers;
    this.#gauges = createGauges(this.#registry);
    this.#durations = new Histogram({
      name: "workstream_http_request_duration_seconds",
      help: "Time to answer, by route template",
      labelNames: ["method", "route", "status"],
      buckets: durationBuckets,
      registers,
    });
    this.#accepted = new Counter({
      name: "workstream_tasks_accepted_total",
      help: "Tasks that this gateway has accepted, by type",
      labelNames: ["type"],
      registers,
    });
  }

  observe(request: FastifyRequest, reply: FastifyReply): void {
    if (request.routeOptions.config.isStream) return;
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: String(reply.statusCode),
    };
    this.#durations.observe(labels, reply.elapsedTime / 1000);
  }

  countAccepted(type: string): void {
    this.#accepted.inc({ type });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  async scrape(): Promise<string> {
    this.#collectProcessMetrics();
    this.#gauges.readers.set(this.#readers.stream.readerCount);
    this.#gauges.taskReaders.set(this.#readers.taskStreams.readerCount);
    await withDeadline(Promise.all([this.#readStore(), this.#readServices()]), scrapeDeadlineMs, undefined);
    return this.#registry.metrics();
  }

  // Measuring the event loop costs a timer, so nobody pays for it who isn't scraped.
  #collectProcessMetrics(): void {
    if (this.#hasProcessMetrics) return;
    this.#hasProcessMetrics = true;
    collectDefaultMetrics({ register: this.#registry });
  }

  async #readStore(): Promise<void> {
    const { storeUp, queueDepth, states, retryRatio, workers } = this.#gauges;
    const [status, fleet] = await Promise.all([
      this.#stores.tasks.status(),
      this.#stores.workers.list(),
    ]).catch(() => [null, []] as const);
    for (const gauge of [queueDepth, states, workers]) gauge.reset();
    storeUp.set(status === null ? 0 : 1);
    if (status === null) return;
    retryRatio.set(status.retryRatio);
    for (const [queue, depth] of Object.entries(status.queues)) queueDepth.set({ queue }, depth);
    for (const state of taskStates) states.set({ state }, status.states[state] ?? 0);
    for (const worker of fleet) workers.inc({ status: workerStatus(worker) });
  }

  async #readServices(): Promise<void> {
    const readings = await this.#serviceReadings().catch(() => []);
    showServices(this.#gauges, readings, storeTime(this.#stores.tasks));
  }

  async #serviceReadings(): Promise<ServiceReading[]> {
    const { guards, services } = this.#stores;
    const views = await guards.list();
    return Promise.all(
      views.map(async (view) => ({ view, today: (await services.metrics(view.service, 1))[0] ?? null })),
    );
  }
}
