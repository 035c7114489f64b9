export type { Durability } from "./open-file.ts";
export { openSqliteStores, type SqliteStoreOptions } from "./open-stores.ts";
