import type { Stores } from "@workstream/core";
import type { RedisInputs } from "../input-store.ts";
import type { OpenedLink } from "../open-link.ts";

/** Where a partition is: a whole key space under its own prefix. */
export type PartitionPlace = { url: string; prefix: string };

/** One opened partition: all stores on one link. */
export type KeySpace = { place: PartitionPlace; link: OpenedLink; inputs: RedisInputs; stores: Stores };
