import type { StreamReader } from "./stream-reader.ts";
import type { TaskCursor } from "./task-cursor.ts";
import { type FollowerSettings, type FollowerStores, TaskFollower } from "./task-follower.ts";
import type { TaskWatches } from "./task-watches.ts";

type Followed = { follower: TaskFollower; opened: Promise<void>; joining: number };

/** The streams of single tasks: each task is followed once, however many read it, and only while somebody does. */
export class TaskStreams {
  readonly #stores: FollowerStores;
  readonly #watches: TaskWatches;
  readonly #settings: FollowerSettings & { maxReaders: number };
  readonly #followed = new Map<string, Followed>();
  #isClosed = false;

  constructor(
    stores: FollowerStores,
    watches: TaskWatches,
    settings: FollowerSettings & { maxReaders: number },
  ) {
    this.#stores = stores;
    this.#watches = watches;
    this.#settings = settings;
  }

  get readerCount(): number {
    return [...this.#followed.values()].reduce((sum, { follower }) => sum + follower.readerCount, 0);
  }

  get isFull(): boolean {
    return this.#isClosed || this.readerCount >= this.#settings.maxReaders;
  }

  /**
   * Serves a reader from `cursor` until the task ends, it goes or it falls behind.
   * @param openReader called once everything is subscribed, so that a fault can still be answered as a problem
   * @throws store_unavailable
   */
  async join(taskId: string, cursor: TaskCursor, openReader: () => StreamReader): Promise<void> {
    const followed = this.#follow(taskId);
    followed.joining += 1;
    try {
      await followed.opened;
      const reader = openReader();
      followed.follower.add(reader, cursor);
      reader.onClose(() => {
        followed.follower.remove(reader);
        this.#leave(taskId, followed);
      });
    } finally {
      followed.joining -= 1;
      this.#leave(taskId, followed);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const all = [...this.#followed.values()];
    this.#followed.clear();
    await Promise.all(all.map(({ follower }) => follower.close()));
  }

  #follow(taskId: string): Followed {
    const known = this.#followed.get(taskId);
    if (known) return known;
    const follower = new TaskFollower(taskId, this.#stores, this.#settings);
    const followed = { follower, opened: follower.open(this.#watches), joining: 0 };
    this.#followed.set(taskId, followed);
    followed.opened.catch(() => this.#forget(taskId, followed));
    return followed;
  }

  #leave(taskId: string, followed: Followed): void {
    if (followed.joining === 0 && followed.follower.readerCount === 0) this.#forget(taskId, followed);
  }

  #forget(taskId: string, followed: Followed): void {
    if (this.#followed.get(taskId) === followed) this.#followed.delete(taskId);
    void followed.follower.close();
  }
}
