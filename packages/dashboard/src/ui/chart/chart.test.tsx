// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { changePreferences } from "../../lib/preferences.ts";
import { Chart } from "./chart.tsx";

// jsdom has no canvas: what is drawn is looked at in a real browser.
vi.mock("uplot", () => ({
  default: class {
    setData() {}
    destroy() {}
    setSize() {}
  },
}));

vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    disconnect() {}
  },
);

const start = Date.parse("2026-01-01T12:00:00.000Z");

function show() {
  changePreferences({ timeZone: "UTC" });
  render(
    <Chart
      label="Throughput"
      series={[{ name: "created", tone: "pending", values: [1, 2000, null] }]}
      timestamps={[start, start + 60_000, start + 120_000]}
      isLastPartial
    />,
  );
}

afterEach(cleanup);

describe("Chart", () => {
  it("says what it shows, by the newest bucket that is over", () => {
    show();
    expect(screen.getByRole("img", { name: "Throughput. created: 2,000, between 1 and 2,000" })).toBeTruthy();
  });

  it("shows the same as a table, newest first", () => {
    show();
    fireEvent.click(screen.getByRole("button", { name: "Throughput as a table" }));
    const cells = screen.getAllByRole("cell").map((cell) => cell.textContent);
    expect(cells).toEqual(["12:02", "–", "12:01", "2,000", "12:00", "1"]);
  });
});
