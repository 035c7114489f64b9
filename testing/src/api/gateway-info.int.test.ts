import { describe, expect, it } from "vitest";
import { storeKinds } from "../store-source.ts";
import { useApi } from "./api-stage.ts";

describe.each(storeKinds)("the gateway on %s", (kind) => {
  const openApi = useApi(kind);

  it("says what it is before anything else is asked", async () => {
    const { ask } = await openApi({ settings: { maxUploadBytes: 1_000 } });
    expect((await ask("GET", "/api/v1/gateway")).body).toEqual({
      version: "1.2.3",
      store: {
        kind,
        version: expect.stringMatching(/^\d+\.\d+/),
        memory_bytes: expect.any(Number),
        memory_limit_bytes: null,
      },
      auth: "off",
      role: "operator",
      max_upload_bytes: 1_000,
      docs_url: "/docs",
    });
  });

  it("asks the store once for many that ask it", async () => {
    let asked = 0;
    const { ask } = await openApi({
      wrap: (stores) => ({
        ...stores,
        probe: {
          check: (timeoutMs) => stores.probe.check(timeoutMs),
          connectionStats: () => stores.probe.connectionStats(),
          about() {
            asked++;
            return stores.probe.about();
          },
        },
      }),
    });
    await Promise.all([ask("GET", "/api/v1/gateway"), ask("GET", "/api/v1/gateway")]);
    await ask("GET", "/api/v1/gateway");
    expect(asked).toBe(1);
  });
});

describe("the role of a caller", () => {
  const openApi = useApi();
  const auth = {
    mode: "keys" as const,
    keys: [
      { key: "read", role: "reader" as const },
      { key: "send", role: "submitter" as const },
      { key: "all" },
    ],
  };

  it.each([
    ["read", "reader"],
    ["send", "submitter"],
    ["all", "operator"],
  ])("is its key's: %s", async (key, role) => {
    const { ask } = await openApi({ settings: { auth } });
    const { body } = await ask("GET", "/api/v1/gateway", { headers: { "x-api-key": key } });
    expect(body).toMatchObject({ auth: "keys", role });
  });

  it("is nobody's without a key", async () => {
    const { ask } = await openApi({ settings: { auth } });
    expect((await ask("GET", "/api/v1/gateway")).status).toBe(401);
  });
});
