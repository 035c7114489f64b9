/** The stores over several partitions, each of which is a store of its own. */
import type { Stores } from "@workstream/core";
import type { ConnectionLogger } from "../connection.ts";
import { startLeaseGuard } from "../lease-guard.ts";
import { type TaskRoles, taskStore } from "../task-store.ts";
import { KeyHomes } from "./key-homes.ts";
import type { KeySpace } from "./key-space.ts";
import { registerPartitions } from "./partition-records.ts";
import { PartitionSet } from "./partition-set.ts";
import { PartitionedCache } from "./partitioned-cache.ts";
import { PartitionedEvents } from "./partitioned-events.ts";
import { PartitionedGuards } from "./partitioned-guards.ts";
import { PartitionedIntake } from "./partitioned-intake.ts";
import { PartitionedLeases } from "./partitioned-leases.ts";
import { PartitionedManagement } from "./partitioned-management.ts";
import { PartitionedMetrics } from "./partitioned-metrics.ts";
import { PartitionedOperations } from "./partitioned-operations.ts";
import { PartitionedProbe } from "./partitioned-probe.ts";
import { PartitionedReading } from "./partitioned-reading.ts";
import { PartitionedInputs, PartitionedOutputs, PartitionedSteps } from "./partitioned-task-data.ts";
import { PartitionedUpkeep } from "./partitioned-upkeep.ts";
import { PartitionedWorkers } from "./partitioned-workers.ts";

/** @throws invalid_input when these are not the partitions that were here before */
export async function composeStores(spaces: readonly KeySpace[], logger?: ConnectionLogger): Promise<Stores> {
  const partitions = new PartitionSet(spaces);
  const changedAt = await registerPartitions(partitions);
  return {
    tasks: taskStore(taskRoles(partitions, changedAt)),
    inputs: new PartitionedInputs(partitions),
    workers: new PartitionedWorkers(partitions),
    events: new PartitionedEvents(partitions),
    metrics: new PartitionedMetrics(partitions),
    guards: new PartitionedGuards(partitions),
    services: partitions.home.stores.services,
    outputs: new PartitionedOutputs(partitions),
    steps: new PartitionedSteps(partitions),
    cache: new PartitionedCache(partitions),
    operations: new PartitionedOperations(partitions),
    probe: new PartitionedProbe(partitions),
    guardLeases: (guard) => startLeaseGuard({ ...guard, places: spaces.map(({ place }) => place) }, logger),
    close: async () => {
      await Promise.all(spaces.map(({ stores }) => stores.close()));
    },
  };
}

function taskRoles(partitions: PartitionSet, changedAt: number): TaskRoles {
  return {
    intake: new PartitionedIntake(partitions, new KeyHomes(partitions, changedAt)),
    leases: new PartitionedLeases(partitions),
    management: new PartitionedManagement(partitions),
    reading: new PartitionedReading(partitions),
    upkeep: new PartitionedUpkeep(partitions),
  };
}
