export type StoreHealth = {
  kind: "redis" | "sqlite";
  isConnected: boolean;
  /** Null when it did not answer. */
  responseTimeMs: number | null;
  /** What an operator should know: a wrong maxmemory-policy, no persistence, memory nearly full. */
  warnings: string[];
  /** False when work could be lost or refused: out of memory, or an eviction policy that deletes tasks. */
  isSafe: boolean;
};

/** Figures about connections, for `pool-stats`: names are free, values printable. */
export type ConnectionStats = Record<string, string | number | boolean>;

/** Null where it is not known. */
export type StoreAbout = {
  kind: StoreHealth["kind"];
  /** Of the server, or of the library of the embedded store. */
  version: string | null;
  /** Used by the server, or the size of the file. */
  memoryBytes: number | null;
  /** Null also when there is no limit. */
  memoryLimitBytes: number | null;
};

export interface StoreProbe {
  /** Answers within `timeoutMs`, whatever the state of the store. Never throws. */
  check(timeoutMs?: number): Promise<StoreHealth>;
  connectionStats(): Promise<ConnectionStats>;
  /** What the store is. Never throws. */
  about(): Promise<StoreAbout>;
}
