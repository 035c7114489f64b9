/**
 * Opens either store for a test, on a clock that the test moves.
 *
 * One redis-server serves a test file; every `openStores` gets a key prefix of its own there, or a SQLite file of its
 * own, so tests never see each other. Whatever a test opened is closed after it.
 */
import { afterAll, afterEach, beforeAll, describe } from "vitest";
import {
  type OpenedStores,
  type OpenStores,
  type StoreKind,
  type StoreSource,
  startStoreSource,
  storeKinds,
} from "./store-source.ts";

/** Runs one suite on each store, and on Redis in two partitions: `describeStores("leases", (openStores, kind) => { it(…) })`. */
export function describeStores(
  area: string,
  suite: (openStores: OpenStores, kind: StoreKind, isPartitioned: boolean) => void,
): void {
  for (const kind of storeKinds) {
    describe(`${area} on ${kind}`, () => suite(useStores(kind), kind, false));
  }
  describe(`${area} on redis in two partitions`, () => suite(useStores("partitions"), "redis", true));
}

/** Registers the hooks that one kind of store needs in the enclosing `describe`, and answers how to open it. */
export function useStores(kind: StoreKind | "partitions"): OpenStores {
  const opened: OpenedStores[] = [];
  let source: StoreSource | null = null;
  beforeAll(async () => {
    source = await startStoreSource(kind);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ stores }) => stores.close()));
  });
  afterAll(async () => {
    await source?.stop();
  });
  return async (options) => {
    if (!source) throw new Error("openStores is for tests and hooks, not for the body of describe.");
    const stores = await source.open(options);
    opened.push(stores);
    return stores;
  };
}
