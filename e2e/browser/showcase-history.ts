/** A made-up past, written where the scripts write theirs (docs/redis-keys.md): the same one for the same minute. */
import { seededRandom } from "@workstream/testing";
import { Redis } from "ioredis";
import { latencyBucket } from "../../packages/core/src/latency-histogram.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const days = 14;
/** What is left on the pretended account, US dollars. */
export const balanceNow = 43.18;

type Counts = Record<
  "created" | "completed" | "failed" | "cancelled" | "retried" | "buried" | "promoted",
  number
>;

export class ShowcaseHistory {
  readonly #redis: Redis;
  #spent: Record<string, string | number> = {};

  constructor(url: string) {
    this.#redis = new Redis(url);
  }

  /** Each check writes what the pretended account tells, which knows no days. */
  async writeSpent(): Promise<void> {
    await this.#redis.hset("openrouter:state", this.#spent);
  }

  /** Throughput and latency of the last `minutes`, in place of what the scene itself left there. */
  async writeMinutes(minutes: number): Promise<void> {
    const now = Date.now();
    const current = Math.floor(now / minuteMs);
    const work = this.#redis.pipeline();
    for (let minute = current - minutes + 1; minute <= current; minute++) {
      const share = minute === current ? (now % minuteMs) / minuteMs : 1;
      const counts = countsOf(minute, current - minute, share);
      work.del(`metrics:throughput:${minute}`, `metrics:latency:${minute}`);
      work.hset(`metrics:throughput:${minute}`, counts);
      if (counts.completed > 0)
        work.hset(`metrics:latency:${minute}`, latencyOf(minute, current - minute, counts.completed));
    }
    await work.exec();
  }

  /** Money and calls of OpenRouter, day by day, and what the others were called. */
  async writeServices(): Promise<void> {
    const now = Date.now();
    const work = this.#redis.pipeline();
    const random = seededRandom(11);
    const paid = Array.from({ length: days }, (_, back) => openRouterDay(back, random));
    let usage = 0;
    let balance = balanceNow + paid.reduce((sum, { cost }) => sum + cost, 0);
    for (const [back, day] of [...paid.entries()].reverse()) {
      work.hset(`openrouter:metrics:${dateOf(now - back * dayMs)}`, day);
      for (let hour = 0; hour < 24; hour += 3) {
        const at = now - back * dayMs - (23 - hour) * 3_600_000;
        balance -= day.cost / 8;
        usage += day.cost / 8;
        work.zadd("openrouter:credits:history", at, `${at}:${balance.toFixed(4)}:${usage.toFixed(4)}`);
      }
      work.hset(`service:geocoder:metrics:${dateOf(now - back * dayMs)}`, plainDay(1_900, 0.002, random));
      work.hset(`service:weather:metrics:${dateOf(now - back * dayMs)}`, plainDay(640, 0.011, random));
    }
    this.#spent = { usage_today: paid[0]?.cost ?? 0, usage_month: usage.toFixed(4) };
    await work.exec();
  }

  async close(): Promise<void> {
    await this.#redis.quit();
  }
}

/** A morning's rush that is nearly worked off: more came in than went out, and now it is the other way round. */
function countsOf(minute: number, back: number, share: number): Counts {
  const random = seededRandom(minute);
  const near = (value: number, spread: number) =>
    Math.max(0, Math.round(value * (1 + (random() - 0.5) * spread) * share));
  const rush = Math.exp(-(((back - 52) / 30) ** 2));
  const daily = 1 + 0.35 * Math.sin((back / 1_440) * 2 * Math.PI);
  const created = near((38 + 34 * rush) * daily, 0.3);
  const completed = near((41 + 20 * Math.exp(-(((back - 30) / 34) ** 2))) * daily, 0.22);
  const retried = near(2.4 + 3 * Math.exp(-(((back - 14) / 9) ** 2)), 0.9);
  const failed = near(back % 9 === 3 ? 2 : 0, 0.9);
  return {
    created,
    completed,
    failed,
    cancelled: minute % 11 === 0 ? 1 : 0,
    retried,
    buried: failed,
    promoted: near(retried, 0.5),
  };
}

function latencyOf(minute: number, back: number, tasks: number): Record<string, number> {
  const random = seededRandom(minute + 1);
  const rush = Math.exp(-(((back - 34) / 24) ** 2));
  const fields: Record<string, number> = { sum_ms: 0, max_ms: 0 };
  for (let task = 0; task < tasks; task++) {
    const wait = spread(700 + 26_000 * rush, 0.7, random);
    const run = spread(1_900, 1.1, random);
    for (const [letter, ms] of [
      ["w", wait],
      ["r", run],
      ["t", wait + run],
    ] as const) {
      const field = `${letter}${latencyBucket(ms)}`;
      fields[field] = (fields[field] ?? 0) + 1;
    }
    fields.sum_ms = Math.round((fields.sum_ms ?? 0) + wait + run);
    fields.max_ms = Math.max(fields.max_ms ?? 0, Math.round(wait + run));
  }
  return fields;
}

/** Around `middle`, with a long tail to the right, as durations are. */
function spread(middle: number, width: number, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return middle * Math.exp(width * normal);
}

function openRouterDay(back: number, random: () => number) {
  const weekend = [0, 6].includes(new Date(Date.now() - back * dayMs).getUTCDay()) ? 0.45 : 1;
  const total = Math.round((1_650 + 500 * random()) * weekend * (back === 0 ? 0.7 : 1));
  const failed = Math.round(total * (back === 5 ? 0.06 : 0.004 + 0.006 * random()));
  return {
    ...callsOf(total, failed),
    state_rate_limited: failed,
    prompt_tokens: total * 1_240,
    completion_tokens: total * 190,
    cost: Number((total * 0.00062).toFixed(4)),
  };
}

function plainDay(usual: number, failing: number, random: () => number) {
  const total = Math.round(usual * (0.8 + 0.4 * random()));
  return callsOf(total, Math.round(total * failing * random() * 2));
}

function callsOf(total: number, failed: number) {
  return {
    total_calls: total,
    successful_calls: total - failed,
    failed_calls: failed,
    state_active: total - failed,
  };
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
