import type { TaskDefinition } from "../definition/task-definition.ts";

type QueueTimes = { meanMs: number; runs: number; types: Set<string> };

/** Runs after which a mean is believed. */
export const leastRuns = 20;
/** Tasks that take as long as this gain nothing by being fetched before there is a slot for them. */
const fastBelowMs = 2;
/** All that is fetched ahead is worth so much of this worker's slots, if tasks take less than half of `fastBelowMs`. */
const worthMs = 20;
/** A no-op measures as nothing. */
const leastMeanMs = 0.01;
/** The share of the newest run in the mean. */
const weight = 1 / 32;

/**
 * How long tasks run here, by queue, and so how many may be claimed ahead of free slots.
 *
 * A claim names queues, not types, so what counts is the mean over what a queue gave. It is believed after 20
 * runs, and measured anew when a type shows up that the queue has not given before. Types whose runs are no
 * measure (they call guarded services, wait for cached results) or that are bounded are never claimed ahead.
 */
export class RunTimes {
  readonly #queues = new Map<string, QueueTimes>();

  /** An attempt from this queue ran for so long, from the start of its handler to its end. */
  note(queue: string, definition: TaskDefinition, ranMs: number): void {
    const times = this.#timesOf(queue);
    const isKnown = times.types.has(definition.type);
    if (!isKnown) times.types.add(definition.type);
    if (!isKnown || !isMeasure(definition)) times.runs = 0;
    times.runs += 1;
    times.meanMs += (ranMs - times.meanMs) * Math.max(weight, 1 / times.runs);
  }

  /** Something ran that no mean foretold: every queue is measured anew. */
  restart(): void {
    for (const times of this.#queues.values()) times.runs = 0;
  }

  /** How many tasks of the queue may wait here for a slot, with so many slots; 0 unless they are known to be fast. */
  ahead(queue: string, slots: number): number {
    const times = this.#queues.get(queue);
    if (!times || times.runs < leastRuns || times.meanMs >= fastBelowMs) return 0;
    return Math.floor((worthMs * shareAt(times.meanMs) * slots) / Math.max(leastMeanMs, times.meanMs));
  }

  #timesOf(queue: string): QueueTimes {
    const known = this.#queues.get(queue);
    if (known) return known;
    const times = { meanMs: 0, runs: 0, types: new Set<string>() };
    this.#queues.set(queue, times);
    return times;
  }
}

/**
 * Falls from 1 to 0 on the way to `fastBelowMs`. With a step there a mean that moves around it would have a worker fetch
 * for 20 ms and then claim nothing until all of it has run, while what is urgent waits in the store.
 */
function shareAt(meanMs: number): number {
  return Math.min(1, (2 * (fastBelowMs - meanMs)) / fastBelowMs);
}

function isMeasure({ services, cache, concurrency }: TaskDefinition): boolean {
  return services.length === 0 && cache === null && concurrency === null;
}
