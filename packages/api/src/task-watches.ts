/**
 * Tells those who follow a task that it may have changed; what it is now, they read.
 *
 * A hint comes with every published change of the task. Push alone does not suffice: messages get lost, and a script
 * that changes many tasks names a hundred of them. So everyone is hinted after a gap, a second after a full message,
 * and every `resyncMs`.
 */
import type { EventFeed, StoreEvents } from "@workstream/core";

type Hint = () => void;
type Subscription = Awaited<ReturnType<EventFeed["subscribe"]>>;

/** As many changes as one message holds; others may have been left out. */
const fullMessage = 100;
const afterFullMs = 1_000;

export class TaskWatches {
  readonly #feed: EventFeed;
  readonly #resyncMs: number;
  readonly #hints = new Map<string, Set<Hint>>();
  #subscription: Promise<Subscription> | null = null;
  #resyncTimer: NodeJS.Timeout | null = null;
  #fullTimer: NodeJS.Timeout | null = null;

  constructor(feed: EventFeed, { resyncMs }: { resyncMs: number }) {
    this.#feed = feed;
    this.#resyncMs = resyncMs;
  }

  /** Calls `onHint` until `close`. @throws store_unavailable */
  async watch(taskId: string, onHint: Hint): Promise<{ close(): Promise<void> }> {
    const hint = () => onHint();
    this.#hints.set(taskId, (this.#hints.get(taskId) ?? new Set()).add(hint));
    const close = () => this.#leave(taskId, hint);
    try {
      await this.#subscribe();
    } catch (error) {
      await close();
      throw error;
    }
    return { close };
  }

  #subscribe(): Promise<Subscription> {
    if (this.#subscription !== null) return this.#subscription;
    const subscription = this.#feed.subscribe({
      onEvents: (events) => this.#receive(events),
      onGap: () => this.#hintAll(),
    });
    this.#subscription = subscription;
    this.#resyncTimer ??= setInterval(() => this.#hintAll(), this.#resyncMs).unref();
    subscription.catch(() => {
      if (this.#subscription === subscription) this.#subscription = null;
    });
    return subscription;
  }

  #receive({ changes }: StoreEvents): void {
    for (const { id } of changes) this.#hint(id);
    if (changes.length < fullMessage) return;
    this.#fullTimer ??= setTimeout(() => {
      this.#fullTimer = null;
      this.#hintAll();
    }, afterFullMs).unref();
  }

  #hintAll(): void {
    for (const id of this.#hints.keys()) this.#hint(id);
  }

  #hint(taskId: string): void {
    for (const hint of this.#hints.get(taskId) ?? []) hint();
  }

  async #leave(taskId: string, hint: Hint): Promise<void> {
    const hints = this.#hints.get(taskId);
    if (!hints?.delete(hint)) return;
    if (hints.size === 0) this.#hints.delete(taskId);
    if (this.#hints.size > 0) return;
    if (this.#resyncTimer) clearInterval(this.#resyncTimer);
    if (this.#fullTimer) clearTimeout(this.#fullTimer);
    this.#resyncTimer = null;
    this.#fullTimer = null;
    const subscription = this.#subscription;
    this.#subscription = null;
    await subscription?.then((open) => open.close()).catch(() => {});
  }
}
