/** Every partition is asked; one that is away, or unsafe, makes the whole so, by name. */
import type { ConnectionStats, StoreAbout, StoreHealth, StoreProbe } from "@workstream/core";
import { nameOf, type PartitionSet } from "./partition-set.ts";

export class PartitionedProbe implements StoreProbe {
  readonly #partitions: PartitionSet;

  constructor(partitions: PartitionSet) {
    this.#partitions = partitions;
  }

  async check(timeoutMs?: number): Promise<StoreHealth> {
    const { all, count } = this.#partitions;
    const checks = await Promise.all(all.map(({ stores }) => stores.probe.check(timeoutMs)));
    const isConnected = checks.every((check) => check.isConnected);
    const times = checks.map(({ responseTimeMs }) => responseTimeMs ?? 0);
    const warnings = checks.flatMap((check, index) =>
      check.warnings.map((warning) => `${nameOf({ index }, count)} (${this.#where(index)}): ${warning}`),
    );
    return {
      kind: "redis",
      isConnected,
      responseTimeMs: isConnected ? Math.max(...times) : null,
      warnings,
      isSafe: checks.every(({ isSafe }) => isSafe),
    };
  }

  async connectionStats(): Promise<ConnectionStats> {
    const stats: ConnectionStats = {};
    for (const { index, stores } of this.#partitions.all) {
      for (const [name, value] of Object.entries(await stores.probe.connectionStats())) {
        stats[`partition${index + 1}_${name}`] = value;
      }
    }
    const states = this.#partitions.all.map(({ link }) => link.connection.stats.status);
    return { status: states.find((status) => status !== "ready") ?? "ready", ...stats };
  }

  /** A server that holds several partitions counts once. */
  async about(): Promise<StoreAbout> {
    const servers = new Map(this.#partitions.all.map((partition) => [partition.place.url, partition]));
    const all = await Promise.all([...servers.values()].map(({ stores }) => stores.probe.about()));
    const versions = new Set(all.map(({ version }) => version));
    return {
      kind: "redis",
      version:
        versions.size === 1 ? (all[0]?.version ?? null) : [...versions].filter(Boolean).join(", ") || null,
      memoryBytes: sumOrNull(all.map(({ memoryBytes }) => memoryBytes)),
      memoryLimitBytes: sumOrNull(all.map(({ memoryLimitBytes }) => memoryLimitBytes)),
    };
  }

  #where(index: number): string {
    return this.#partitions.at(index).link.settings.where;
  }
}

function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : known.reduce((sum, value) => sum + value, 0);
}
