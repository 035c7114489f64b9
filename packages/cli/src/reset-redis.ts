import { staleAfterMs } from "@workstream/core";
import type { Config } from "./config-schema.ts";
import { openStores, redisPlace, storeName } from "./open-stores.ts";
import type { ResettableStore } from "./resettable-store.ts";

export function resettableRedis(config: Config & { REDIS_URL: string }): ResettableStore {
  const place = redisPlace(config);
  return {
    name: `${storeName(config)}${place.prefix && `, keys beginning with ${place.prefix}`}`,
    async look() {
      const { countOwnKeys } = await import("@workstream/redis");
      const keyCount = await countOwnKeys(place);
      if (keyCount === 0) return { status: null, inUse: [] };
      return lookInto(config);
    },
    async erase() {
      const { eraseOwnKeys } = await import("@workstream/redis");
      return `${(await eraseOwnKeys(place)).toLocaleString("en")} keys`;
    },
  };
}

async function lookInto(config: Config) {
  const stores = await openStores(config);
  try {
    const [status, workers] = await Promise.all([stores.tasks.status(), stores.workers.list()]);
    const alive = workers.filter(({ beatAgeMs }) => beatAgeMs <= staleAfterMs);
    return { status, inUse: alive.map(({ workerId }) => `Worker ${workerId} is alive.`) };
  } finally {
    await stores.close();
  }
}
