// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useNow } from "./use-now.ts";

function Clock() {
  return <p>{useNow(1_000)}</p>;
}

beforeEach(() => {
  vi.useFakeTimers({ now: 5_000 });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("useNow", () => {
  it("tells the time again when it has passed", () => {
    render(<Clock />);
    act(() => vi.advanceTimersByTime(1_000));
    expect(screen.getByText("6000")).toBeTruthy();
  });

  it("does not subscribe anew at each render, which would never come to rest while the clock runs", () => {
    const subscriptions = vi.spyOn(globalThis, "setInterval");
    const { rerender } = render(<Clock />);
    for (let count = 0; count < 3; count++) {
      vi.setSystemTime(6_000 + count);
      rerender(<Clock />);
    }
    expect(subscriptions).toHaveBeenCalledTimes(1);
  });
});
