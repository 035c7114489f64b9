import { withServer } from "../bench-server.ts";
import { requestRate } from "../http-load.ts";
import { interleave } from "../interleave.ts";
import { ratioAtLeast, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { WebServer } from "../sides/gateway.ts";

const connections = 50;
const [warmUpMs, measuredMs] = [1_000, 3_000];

function summarizeRate(side: string, url: string): Promise<number> {
  return withSide<WebServer, number>(side, { url }, async (server) => {
    const origin = await server.ask("listen");
    const body = JSON.stringify({ content: "Bees pollinate flowers. ".repeat(8) });
    const load = { origin, path: "/api/v1/tasks/summarize", body, connections };
    await requestRate(load, warmUpMs);
    return requestRate(load, measuredMs);
  });
}

export const gateway: Scenario = {
  name: "gateway",
  describes:
    "POST summarize over 50 connections that stay open, each waiting for its answer, for 3 s after a second of warm-up.",
  size: 0,
  hasDurable: false,
  run: ({ runs }) =>
    withServer({}, async (server) => {
      const { bare, ours } = await interleave(runs, {
        bare: () => summarizeRate("bare-route", server.url),
        async ours() {
          await server.empty();
          return summarizeRate("gateway", server.url);
        },
      });
      const peer = { name: "bare Fastify route", figures: bare };
      return [row("POST summarize", "requests/s", { ours, peer, goal: ratioAtLeast(0.5) })];
    }),
};
