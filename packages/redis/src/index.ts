export { type KeyEntry, keyCatalog } from "./key-catalog.ts";
export { type RedisKeys, redisKeys } from "./keys.ts";
export { openRedisStores, type RedisStoresOptions } from "./open-redis-stores.ts";
export { countOwnKeys, eraseOwnKeys, type RedisPlace } from "./own-keys.ts";
