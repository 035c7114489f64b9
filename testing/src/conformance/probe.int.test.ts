import { expect, it } from "vitest";
import { describeStores } from "../store-fixture.ts";

describeStores("the probe", (openStores, kind) => {
  it("says which store it is and that it answers", async () => {
    const { stores } = await openStores();
    const health = await stores.probe.check();
    expect(health).toMatchObject({ kind, isConnected: true, isSafe: true });
    expect(health.responseTimeMs).toBeGreaterThanOrEqual(0);
    expect(health.responseTimeMs).toBeLessThan(5_000);
    expect(Array.isArray(health.warnings)).toBe(true);
  });

  it("gives figures that can be printed", async () => {
    const { stores } = await openStores();
    const stats = Object.values(await stores.probe.connectionStats());
    expect(stats.length).toBeGreaterThan(0);
    for (const value of stats) expect(["string", "number", "boolean"]).toContain(typeof value);
  });

  it("says what the store is", async () => {
    const { stores } = await openStores();
    const about = await stores.probe.about();
    expect(about).toMatchObject({
      kind,
      version: expect.stringMatching(/^\d+\.\d+/),
      memoryLimitBytes: null,
    });
    expect(about.memoryBytes).toBeGreaterThan(4_096);
  });

  it("never throws, not after the end either", async () => {
    const { stores } = await openStores();
    await stores.close();
    expect(await stores.probe.check(500)).toMatchObject({ kind, isConnected: false, responseTimeMs: null });
    expect(await stores.probe.about()).toMatchObject({ kind, memoryLimitBytes: null });
  });

  it("offers a lease guard where another process can take a lease", async () => {
    const { stores } = await openStores();
    expect(stores.guardLeases !== null).toBe(kind === "redis");
  });
});
