import { withServer } from "../bench-server.ts";
import { requestRate } from "../http-load.ts";
import { interleave } from "../interleave.ts";
import { ratioAtLeast, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { WebServer } from "../sides/gateway.ts";

const connections = 50;
const [warmUpMs, measuredMs] = [1_000, 3_000];

type Served = { rate: number; cpuMicros: number };

function summarize(side: string, url: string): Promise<Served> {
  return withSide<WebServer, Served>(side, { url }, async (server) => {
    const origin = await server.ask("listen");
    const body = JSON.stringify({ content: "Bees pollinate flowers. ".repeat(8) });
    const load = { origin, path: "/api/v1/tasks/summarize", body, connections };
    await requestRate(load, warmUpMs);
    const cpuBefore = await server.ask("cpu");
    const rate = await requestRate(load, measuredMs);
    const cpuMicros = (await server.ask("cpu")) - cpuBefore;
    return { rate, cpuMicros: cpuMicros / ((rate * measuredMs) / 1000) };
  });
}

export const gateway: Scenario = {
  name: "gateway",
  describes:
    "POST summarize over 50 connections that stay open, each waiting for its answer, for 3 s after a second of warm-up.",
  size: 0,
  hasDurable: true,
  run: ({ runs, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const cpu = { bare: [] as number[], ours: [] as number[] };
      const measure = async (side: keyof typeof cpu, file: string) => {
        await server.empty();
        const served = await summarize(file, server.url);
        cpu[side].push(served.cpuMicros);
        return served.rate;
      };
      const { bare, ours } = await interleave(runs, {
        bare: () => measure("bare", "bare-route"),
        ours: () => measure("ours", "gateway"),
      });
      const peer = (figures: number[]) => ({ name: "bare Fastify route", figures });
      return [
        row("POST summarize", "requests/s", { ours, peer: peer(bare), goal: ratioAtLeast(0.5) }),
        row("CPU of the server for a request", "µs", { ours: cpu.ours, peer: peer(cpu.bare) }),
      ];
    }),
};
