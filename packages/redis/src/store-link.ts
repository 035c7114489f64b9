import type { Connection } from "./connection.ts";
import type { RedisKeys } from "./keys.ts";
import type { ScriptRunner } from "./script-loader.ts";
import type { StoreClock } from "./store-clock.ts";

/** What every adapter works with. */
export type StoreLink = {
  connection: Connection;
  scripts: ScriptRunner;
  keys: RedisKeys;
  clock: StoreClock;
  isCluster: boolean;
};
