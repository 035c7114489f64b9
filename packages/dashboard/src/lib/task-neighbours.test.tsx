// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { keepTaskOrder, neighboursOf, useTaskNeighbours } from "./task-neighbours.ts";

describe("neighboursOf", () => {
  const order = { 0: ["a", "b", "c"], 1: ["d"], 2: [], 7: ["x", "y"] };

  it.each([
    ["a", null, "b"],
    ["b", "a", "c"],
    ["c", "b", "d"],
    ["d", "c", null],
    ["x", null, "y"],
    ["y", "x", null],
    ["elsewhere", null, null],
  ])("finds those around %s", (id, previousId, nextId) => {
    expect(neighboursOf(order, id)).toEqual({ previousId, nextId });
  });
});

describe("useTaskNeighbours", () => {
  function setUp() {
    const queries = new QueryClient();
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    );
    const address = { q: "status:DLQ", sort: undefined, order: undefined };
    return { queries, address, ...renderHook(() => useTaskNeighbours(address, "b"), { wrapper }) };
  }

  it("knows none of a list that was not loaded", () => {
    expect(setUp().result.current).toEqual({ previousId: null, nextId: null });
  });

  it("follows the order that is kept for the same list, not that of another one", async () => {
    const { queries, address, result } = setUp();
    keepTaskOrder(queries, { q: "status:FAILED" }, { 0: ["z", "b", "z"] });
    keepTaskOrder(queries, address, { 0: ["a", "b"], 1: ["c"] });
    await waitFor(() => expect(result.current).toEqual({ previousId: "a", nextId: "c" }));
  });

  it("keeps what it knows when everything is read anew", async () => {
    const { queries, address, result } = setUp();
    const known = { previousId: "a", nextId: "c" };
    keepTaskOrder(queries, address, { 0: ["a", "b", "c"] });
    await waitFor(() => expect(result.current).toEqual(known));
    await act(() => queries.invalidateQueries());
    expect(result.current).toEqual(known);
  });
});
