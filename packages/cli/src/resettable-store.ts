import type { QueueStatus } from "@workstream/core";

/** What `reset` may empty. */
export type ResettableStore = {
  name: string;
  /** What is there, null for nothing; and who is using it, each a sentence. Deletes nothing. */
  look(): Promise<{ status: QueueStatus | null; inUse: string[] }>;
  /** Deletes what is ours, and answers how much that was, in words. */
  erase(): Promise<string>;
};
