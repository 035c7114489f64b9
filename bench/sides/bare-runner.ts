/** Takes texts from a list as they come. */
import { Redis } from "ioredis";
import { readSettings, serve } from "../serve.ts";
import { Pickups, type Runner, type RunnerSettings } from "./runner.ts";

const { url = "" } = readSettings<RunnerSettings>();
const redis = new Redis(url, { maxRetriesPerRequest: null });
const pickups = new Pickups();

async function run(): Promise<never> {
  for (;;) {
    const popped = await redis.blpop("bare", 0);
    if (popped) pickups.note(popped[1]);
  }
}

serve<Pick<Runner, "start" | "pickups">>({
  start: () => void run(),
  pickups: (samples) => pickups.take(samples),
});
