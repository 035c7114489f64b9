/** What two ways of adding have in common. */
import { withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { type BenchOptions, type Goal, type Row, row } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Producer } from "../sides/producer.ts";

type Order = { [Verb in "addSingles" | "addBulk"]: { verb: Verb; order: Parameters<Producer[Verb]>[0] } }[
  | "addSingles"
  | "addBulk"];

export function compareAdding(
  { runs, isDurable }: BenchOptions,
  { what, goal, ...order }: { what: string; goal: Goal } & Order,
): Promise<Row[]> {
  return withServer({ isDurable }, async (server) => {
    const measure = (side: string) => async () => {
      await server.empty();
      return withSide<Producer, number>(`${side}-producer`, { url: server.url }, (producer) =>
        order.verb === "addBulk"
          ? producer.ask("addBulk", order.order)
          : producer.ask("addSingles", order.order),
      );
    };
    const { bullmq, workstream } = await interleave(runs, {
      bullmq: measure("bullmq"),
      workstream: measure("workstream"),
    });
    return [row(what, "tasks/s", { ours: workstream, peer: { name: "bullmq", figures: bullmq }, goal })];
  });
}
