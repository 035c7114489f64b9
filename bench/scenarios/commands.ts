/** What tasks cost the store, counted by INFO commandstats: nothing here depends on how fast the machine is. */
import { type BenchServer, type CommandCounts, withServer } from "../bench-server.ts";
import { oursAtMost, type Row, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Producer } from "../sides/producer.ts";
import type { Runner } from "../sides/runner.ts";

const sides = ["workstream", "bullmq"] as const;
type Side = (typeof sides)[number];
type Counted = Record<Side, CommandCounts>;

async function onEach(count: (side: Side) => Promise<CommandCounts>): Promise<Counted> {
  return { workstream: await count("workstream"), bullmq: await count("bullmq") };
}

function rows(what: string, { workstream, bullmq }: Counted): Row[] {
  const kinds = [
    ["commands", "commands, most of them in scripts"],
    ["scripts", "script calls"],
  ] as const;
  return kinds.map(([kind, words]) =>
    row(`${what}: ${words}`, "a task", {
      ...{ ours: [workstream[kind]], peer: { name: "bullmq", figures: [bullmq[kind]] } },
    }),
  );
}

async function countEach(
  server: BenchServer,
  tasks: number,
  act: () => Promise<unknown>,
): Promise<CommandCounts> {
  await server.resetCounts();
  await act();
  const { commands, scripts } = await server.counts();
  return { commands: commands / tasks, scripts: scripts / tasks };
}

function adding(server: BenchServer, tasks: number, size: number) {
  return (side: Side) =>
    withSide<Producer, CommandCounts>(`${side}-producer`, { url: server.url }, async (producer) => {
      await server.empty();
      const added = size === 1 ? tasks + tasks / 10 : tasks + Math.ceil(tasks / 10 / size) * size;
      return countEach(server, added, () =>
        size === 1
          ? producer.ask("addSingles", { tasks, inFlight: 100 })
          : producer.ask("addBulk", { tasks, size }),
      );
    });
}

function processing(server: BenchServer, tasks: number, slots: number) {
  return (side: Side) =>
    withSide<Runner, CommandCounts>(`${side}-runner`, { url: server.url, slots }, async (runner) => {
      await server.empty();
      await runner.ask("fill", tasks);
      return countEach(server, tasks, () => runner.ask("process", tasks));
    });
}

type Idle = { commands: number; cpu: number };

async function idle(server: BenchServer, side: Side): Promise<Idle> {
  // What a start leaves to do (compiling, collecting garbage) takes CPU for twenty seconds; it is none of idleness.
  const [settleMs, watchedMs] = [25_000, 15_000];
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return withSide<Runner, Idle>(`${side}-runner`, { url: server.url, slots: 10 }, async (runner) => {
    await server.empty();
    await runner.ask("start");
    await wait(settleMs);
    const cpuBefore = await runner.ask("cpu");
    const sent = await server.sentDuring(() => wait(watchedMs));
    const cpu = (await runner.ask("cpu")) - cpuBefore;
    return { commands: (sent / watchedMs) * 1000, cpu: (cpu / 1000 / watchedMs) * 100 };
  });
}

export const commands: Scenario = {
  name: "commands",
  describes: "Commands and script calls that a task costs the store, and what an idle worker costs.",
  size: 20_000,
  hasDurable: false,
  run: ({ tasks }) =>
    withServer({}, async (server) => {
      const found = [
        ...rows("enqueue, bulk of 1,000", await onEach(adding(server, tasks, 1_000))),
        ...rows("enqueue, single calls", await onEach(adding(server, tasks, 1))),
        ...rows("process, 100 slots", await onEach(processing(server, tasks, 100))),
        ...rows("process, one slot", await onEach(processing(server, tasks / 10, 1))),
      ];
      const [ours, peer] = [await idle(server, "workstream"), await idle(server, "bullmq")];
      return [
        ...found,
        row("idle worker: commands sent", "a second", {
          ...{
            ours: [ours.commands],
            peer: { name: "bullmq", figures: [peer.commands] },
            goal: oursAtMost(5),
          },
        }),
        row("idle worker: CPU", "% of a core", {
          ...{ ours: [ours.cpu], peer: { name: "bullmq", figures: [peer.cpu] }, goal: oursAtMost(1) },
        }),
      ];
    }),
};
