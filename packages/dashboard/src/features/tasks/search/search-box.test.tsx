// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { liveStatusQuery } from "../../../lib/live/live-feed.ts";
import { taskQueries } from "../../../lib/queries/task-queries.ts";
import { SearchBox } from "./search-box.tsx";

function setUp(value = "") {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  queries.setQueryData(taskQueries.types.queryKey, []);
  queries.setQueryData(liveStatusQuery.queryKey, {
    queues: { primary: 1, reports: 2 },
    states: { PENDING: 0, ACTIVE: 0, COMPLETED: 0, FAILED: 0, SCHEDULED: 0, DLQ: 0, CANCELLED: 0 },
    retryRatio: 0,
    toldAt: 0,
  });
  const searched: string[] = [];
  const inputRef = createRef<HTMLInputElement>();
  render(
    <QueryClientProvider client={queries}>
      <SearchBox
        inputRef={inputRef}
        value={value}
        onSearch={(text) => searched.push(text)}
        onLeave={() => searched.push("left")}
      />
    </QueryClientProvider>,
  );
  const box = screen.getByRole("combobox", { name: "Search tasks" });
  const type = (text: string) => fireEvent.change(box, { target: { value: text } });
  const press = (key: string) => fireEvent.keyDown(box, { key });
  const options = () =>
    screen.queryAllByRole("option").map((option) => option.querySelector("code")?.textContent);
  return { box, type, press, options, searched };
}

describe("SearchBox", () => {
  afterEach(cleanup);

  it("suggests, and takes with arrow and Enter", () => {
    const { box, type, press, options, searched } = setUp();
    type("queue:rep");
    expect(options()).toEqual(["queue:reports"]);
    press("ArrowDown");
    expect(box.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option").id);
    press("Enter");
    expect(searched).toEqual(["queue:reports"]);
  });

  it("searches what was typed with Enter when nothing is chosen", () => {
    const { type, press, searched } = setUp();
    type("status:dlq ");
    press("Enter");
    expect(searched).toEqual(["status:dlq"]);
  });

  it("says what is wrong only once the word is left, and puts it right on request", () => {
    const { box, type, searched } = setUp();
    type("status:faild");
    expect(box.getAttribute("aria-invalid")).toBe("false");
    type("status:faild ");
    expect(box.getAttribute("aria-invalid")).toBe("true");
    fireEvent.click(screen.getByRole("button", { name: "Use status:failed" }));
    expect(searched).toEqual(["status:failed"]);
  });

  it("closes, then takes back what was typed, then leaves with Escape", () => {
    const { type, press, options, searched } = setUp("type:geocode");
    type("type:geocode st");
    expect(options()).not.toEqual([]);
    press("Escape");
    expect(options()).toEqual([]);
    press("Escape");
    expect(searched).toEqual([]);
    press("Escape");
    expect(searched).toEqual(["left"]);
  });

  it("is left at once when there is nothing in it", () => {
    const { press, searched } = setUp();
    press("Escape");
    expect(searched).toEqual(["left"]);
  });
});
