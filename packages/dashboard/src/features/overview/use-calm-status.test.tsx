// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { liveStatusQuery } from "../../lib/live/live-feed.ts";
import { statusOf } from "./system-facts.fixture.ts";
import { useCalmStatus } from "./use-calm-status.ts";

const queries = new QueryClient();
let renders = 0;

function Waiting() {
  renders++;
  return <p>{useCalmStatus().data?.states.PENDING} waiting</p>;
}

function tell(pending: number) {
  act(() => queries.setQueryData(liveStatusQuery.queryKey, statusOf({ PENDING: pending })));
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("useCalmStatus", () => {
  it("draws a burst once, with the newest of it", () => {
    tell(1);
    render(
      <QueryClientProvider client={queries}>
        <Waiting />
      </QueryClientProvider>,
    );
    renders = 0;
    for (let pending = 2; pending <= 50; pending++) tell(pending);
    act(() => vi.advanceTimersByTime(200));
    expect(screen.getByText("50 waiting")).toBeTruthy();
    expect(renders).toBe(1);
  });
});
