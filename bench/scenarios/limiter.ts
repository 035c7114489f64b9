/** Calls under guard whose limit is never reached, a fixed number in flight: what limiter and breaker themselves cost. */
import { openRedisStores } from "@workstream/redis";
import { createGuards, defineService } from "@workstream/worker";
import { type BenchServer, withServer } from "../bench-server.ts";
import { interleave } from "../interleave.ts";
import { row, type Scenario } from "../scenario.ts";

/** A process that makes one call at a time has its code compiled only after some thousand of them. */
const warmUpMs = 2_000;

type Granted = { rate: number; commands: number; scripts: number };

async function callsGranted(server: BenchServer, calls: number, inFlight: number): Promise<Granted> {
  await server.empty();
  const stores = await openRedisStores({ url: server.url });
  const guards = createGuards({ stores });
  try {
    const service = guards.service(defineService({ name: "bench", limit: "1000000/1s" }));
    const lanes = (isOver: (made: number) => boolean) => {
      const lane = async () => {
        for (let made = 0; !isOver(made); made++) await service.call(async () => null);
      };
      return Promise.all(Array.from({ length: inFlight }, lane));
    };
    const warmAt = performance.now() + warmUpMs;
    await lanes(() => performance.now() >= warmAt);
    await server.resetCounts();
    const startedAt = performance.now();
    await lanes((made) => made >= calls / inFlight);
    const rate = (calls / (performance.now() - startedAt)) * 1000;
    const { commands, scripts } = await server.counts();
    return { rate, commands: commands / calls, scripts: scripts / calls };
  } finally {
    await guards.close();
    await stores.close();
  }
}

export const limiter: Scenario = {
  name: "limiter",
  describes:
    "Calls of a no-op through limiter and breaker in Redis, with a limit that is never reached (the size: calls).",
  size: 20_000,
  hasDurable: true,
  run: ({ runs, tasks: calls, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const costs: Granted[] = [];
      const measure = (inFlight: number) => async () => {
        const granted = await callsGranted(server, inFlight === 1 ? Math.ceil(calls / 5) : calls, inFlight);
        if (inFlight > 1) costs.push(granted);
        return granted.rate;
      };
      const { one, hundred } = await interleave(runs, { one: measure(1), hundred: measure(100) });
      const of = (kind: "commands" | "scripts") => ({ ours: costs.map((cost) => cost[kind]) });
      return [
        row("calls granted, 100 in flight", "calls/s", { ours: hundred }),
        row("calls granted, one at a time", "calls/s", { ours: one }),
        row("script calls, 100 in flight", "a call", of("scripts")),
        row("commands, most of them in scripts, 100 in flight", "a call", of("commands")),
      ];
    }),
};
