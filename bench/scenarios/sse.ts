/**
 * From a change to the `queue_update` that includes it. Tasks are only enqueued, so the number of waiting ones says which
 * changes an event includes: the nth is told of by the first event with at least n waiting.
 */
import { until } from "@workstream/testing";
import { type BenchServer, withServer } from "../bench-server.ts";
import { say } from "../interleave.ts";
import { oursAtMost, row, type Scenario } from "../scenario.ts";
import { withSide } from "../side.ts";
import type { Change, Changer } from "../sides/changer.ts";
import type { EventReaders, Sighting } from "../sides/event-readers.ts";
import type { WebServer } from "../sides/gateway.ts";
import { percentile } from "../spread.ts";

const [perSecond, forMs, watched] = [5_000, 6_000, 20];

type Heard = {
  p99: number;
  /** The most that the gateway held meanwhile. */
  megabytes: number;
  /** % of a core. */
  cpu: number;
  /** To all readers, a second. */
  megabytesSent: number;
  scripts: number;
  listeners: number;
  lost: number;
  changes: number;
};

async function hear(server: BenchServer, clients: number): Promise<Heard> {
  await server.empty();
  const { url } = server;
  return withSide<WebServer, Heard>("gateway", { url }, (gateway) =>
    withSide<EventReaders, Heard>("event-readers", {}, (readers) =>
      withSide<Changer, Heard>("changer", { url }, async (changer) => {
        const origin = await gateway.ask("listen");
        await readers.ask("connect", { origin, clients, watched });
        await changer.ask("change", { perSecond, forMs: 1_000 });
        await Promise.all([server.resetCounts(), gateway.ask("memory")]);
        const [before, cpuBefore] = [await readers.ask("seen"), await gateway.ask("cpu")];
        const startedAt = performance.now();
        const { changes, calls } = await changer.ask("change", { perSecond, forMs });
        const seen = await told(() => readers.ask("seen"), changes.at(-1)?.count ?? 0);
        const seconds = (performance.now() - startedAt) / 1000;
        const { scripts } = await server.counts();
        return {
          p99: percentile(
            seen.sightings.flatMap((sightings) => delays(changes, sightings)),
            0.99,
          ),
          megabytes: (await gateway.ask("memory")) / 2 ** 20,
          cpu: ((await gateway.ask("cpu")) - cpuBefore) / 1e4 / seconds,
          megabytesSent: (seen.bytes - before.bytes) / 2 ** 20 / seconds,
          scripts: (scripts - calls) / seconds,
          listeners: await server.listeners(),
          lost: clients - seen.connected,
          changes: changedIn(changes) / (forMs / 1000),
        };
      }),
    ),
  );
}

type Seen = { sightings: Sighting[][]; connected: number; bytes: number };

/** What was seen, once every watched reader knows of the last change or 5 s have gone by. */
async function told(look: () => Promise<Seen>, total: number): Promise<Seen> {
  const everyoneKnows = async () => {
    const { sightings } = await look();
    return sightings.every((seen) => (seen.at(-1)?.waiting ?? 0) >= total);
  };
  await until("the last change to be told", everyoneKnows, { everyMs: 250 }).catch(() =>
    say("not every change was told of"),
  );
  return look();
}

/** Tasks that were enqueued after the first of `changes`. */
function changedIn(changes: readonly Change[]): number {
  return (changes.at(-1)?.count ?? 0) - (changes[0]?.count ?? 0);
}

function delays(changes: readonly Change[], sightings: readonly Sighting[]): number[] {
  return changes.map(({ at, count }) => {
    const telling = sightings.find(({ waiting }) => waiting >= count);
    return telling ? telling.at - at : Number.POSITIVE_INFINITY;
  });
}

export const sse: Scenario = {
  name: "sse",
  describes: `One gateway, readers of its event stream (--clients), ${perSecond} tasks enqueued a second for ${forMs / 1000} s.`,
  size: 0,
  hasDurable: true,
  run: ({ runs, clients, isDurable }) =>
    withServer({ isDurable }, async (server) => {
      const readers = clients ?? 1_000;
      const [many, one]: [Heard[], Heard[]] = [[], []];
      for (let run = 0; run < Math.min(runs, 3); run++) {
        one.push(await hear(server, 1));
        many.push(await hear(server, readers));
        say(
          `run ${run + 1}  p99 ${many.at(-1)?.p99.toFixed(0)} ms, with one reader ${one.at(-1)?.p99.toFixed(0)} ms`,
        );
      }
      const figures = (what: string, unit: string, kind: keyof Heard) => ({
        ...{ what: `${readers} readers: ${what}`, unit, ours: many.map((heard) => heard[kind]) },
        peer: { name: "one reader", figures: one.map((heard) => heard[kind]) },
      });
      const rows = [
        { ...figures("a change until it is told, p99", "ms", "p99"), goal: oursAtMost(600) },
        figures("changes", "a second", "changes"),
        figures("sent to them", "MB/s", "megabytesSent"),
        figures("CPU of the gateway", "% of a core", "cpu"),
        figures("memory of the gateway at its highest", "MB", "megabytes"),
        figures("scripts of the gateway", "a second", "scripts"),
        figures("connections that listen to the store", "connections", "listeners"),
        {
          ...{ what: `${readers} readers: those that it dropped`, unit: "readers" },
          ...{ ours: many.map(({ lost }) => lost), goal: oursAtMost(0) },
        },
      ];
      return rows.map(({ what, unit, ...measured }) => row(what, unit, measured));
    }),
};
