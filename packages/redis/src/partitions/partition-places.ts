/** Which servers and prefixes `REDIS_URL` and `REDIS_PARTITIONS` mean. */
import { WorkstreamError } from "@workstream/core";
import type { PartitionPlace } from "./key-space.ts";
import { maxPartitions } from "./partition-ids.ts";
import { partitionPrefixes } from "./partition-prefixes.ts";

export type PartitionSettings = { url: string; prefix?: string | undefined; partitions?: number | undefined };

/**
 * Several URLs stand one after another with blanks between them, a partition each; with more partitions than URLs the URLs
 * take turns.
 * @throws invalid_input for a number that is not 1–64, or below the number of URLs
 */
export function partitionPlaces({ url, prefix = "", partitions }: PartitionSettings): PartitionPlace[] {
  const urls = url.trim().split(/\s+/);
  const count = partitions ?? urls.length;
  if (!Number.isInteger(count) || count < 1 || count > maxPartitions) {
    throw unusable(`a store has 1 to ${maxPartitions} partitions, not ${count}`);
  }
  if (count < urls.length) {
    throw unusable(
      `${urls.length} servers are named, but only ${count} partitions: name fewer, or allow more`,
    );
  }
  return partitionPrefixes(prefix, count).map((own, index) => ({
    url: urls[index % urls.length] ?? url,
    prefix: own,
  }));
}

function unusable(reason: string): WorkstreamError {
  return new WorkstreamError("invalid_input", `The partitions can't be used: ${reason}.`);
}
