// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { fleetQueries } from "../lib/queries/fleet-queries.ts";
import { GatewayFoot } from "./gateway-foot.tsx";

function setUp(auth: "off" | "keys") {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(fleetQueries.gateway.queryKey, {
    version: "1.2.3",
    store: { kind: "sqlite", version: "3.50", memory_bytes: null, memory_limit_bytes: null },
    auth,
    role: "operator",
    max_upload_bytes: 1,
    docs_url: "/docs",
  });
  render(
    <QueryClientProvider client={queries}>
      <GatewayFoot />
    </QueryClientProvider>,
  );
}

describe("GatewayFoot", () => {
  afterEach(cleanup);

  it("leads to the API reference", () => {
    setUp("off");
    expect(screen.getByRole("link", { name: "API reference" }).getAttribute("href")).toBe("/docs");
  });

  it("leads nowhere that a browser, which sends no key with a link, would be refused", () => {
    setUp("keys");
    expect(screen.getByText(/v1\.2\.3/)).toBeTruthy();
    expect(screen.queryByRole("link")).toBeNull();
  });
});
