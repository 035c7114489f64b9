/**
 * Process no-ops with 100 slots. `observed` is workstream with a subscriber on `queue-updates`, as a gateway is: without
 * one, no message is put together.
 */
import { withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { ratioAtLeast, row, type Scenario } from "../scenario.ts";
import { processFilled } from "./processing.ts";

const slots = 100;

export const throughput: Scenario = {
  name: "throughput",
  describes: "One worker process with 100 slots works off a full queue of no-ops.",
  size: 100_000,
  hasDurable: true,
  run: ({ runs, tasks, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const { bullmq, workstream, observed } = await interleave(runs, {
        bullmq: () => processFilled(server, "bullmq", { slots, tasks }),
        workstream: () => processFilled(server, "workstream", { slots, tasks }),
        async observed() {
          const stop = await server.observe();
          return processFilled(server, "workstream", { slots, tasks }).finally(stop);
        },
      });
      const peer = { name: "bullmq", figures: bullmq };
      return [
        row("process no-ops, 100 slots", "tasks/s", { ours: workstream, peer, goal: ratioAtLeast(5) }),
        row("the same, with a subscriber on queue-updates", "tasks/s", { ours: observed, peer }),
      ];
    }),
};
