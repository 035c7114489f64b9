import type { Scenario } from "./scenario.ts";
import { add } from "./scenarios/add.ts";
import { addBulk } from "./scenarios/add-bulk.ts";
import { commands } from "./scenarios/commands.ts";
import { embedded } from "./scenarios/embedded.ts";
import { floor } from "./scenarios/floor.ts";
import { gateway } from "./scenarios/gateway.ts";
import { latency } from "./scenarios/latency.ts";
import { leases } from "./scenarios/leases.ts";
import { limiter } from "./scenarios/limiter.ts";
import { memory } from "./scenarios/memory.ts";
import { oneSlot } from "./scenarios/one-slot.ts";
import { partitions } from "./scenarios/partitions.ts";
import { scale } from "./scenarios/scale.ts";
import { sse } from "./scenarios/sse.ts";
import { startup } from "./scenarios/startup.ts";
import { tenSlots } from "./scenarios/ten-slots.ts";
import { throughput } from "./scenarios/throughput.ts";

/** In the order in which they run and are shown: first those that bullmq-bench has. */
export const scenarios: readonly Scenario[] = [
  add,
  addBulk,
  oneSlot,
  tenSlots,
  throughput,
  latency,
  memory,
  commands,
  floor,
  scale,
  gateway,
  sse,
  limiter,
  embedded,
  partitions,
  leases,
  startup,
];
