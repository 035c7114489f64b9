/** A gateway on Redis, as `workstream api` makes one; and what both web servers can be asked. */
import { createApi } from "@workstream/api";
import { primaryQueue } from "@workstream/core";
import { openRedisStores } from "@workstream/redis";
import { createCatalog, defineTask } from "@workstream/worker";
import { z } from "zod";
import { watchMemory } from "../peak-memory.ts";
import { readSettings, serve } from "../serve.ts";
import { cpuMicros } from "./runner.ts";

export type WebServer = {
  /** On a free port of 127.0.0.1; answers the origin. */
  listen(): Promise<string>;
  /** The most that was resident since it was last asked, bytes. */
  memory(): number;
  /** Microseconds of CPU that this process used. */
  cpu(): number;
};

const { url } = readSettings<{ url: string }>();
const summarize = defineTask({
  type: "summarize",
  queue: primaryQueue,
  input: z.string().min(1),
  output: z.string(),
  run: async (text) => text,
});
const app = await createApi({
  stores: await openRedisStores({ url }),
  catalog: createCatalog([summarize]),
  services: { list: () => [], get: () => undefined },
});

serve<WebServer>({
  listen: () => app.listen({ host: "127.0.0.1", port: 0 }),
  memory: watchMemory(),
  cpu: cpuMicros,
});
