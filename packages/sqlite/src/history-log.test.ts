import { maxHistoryEntries, unpackHistory } from "@workstream/core";
import { expect, it } from "vitest";
import { appendHistory } from "./history-log.ts";

it("writes first what the derivation would have said", () => {
  const packed = appendHistory({ history: null, createdAt: 5 }, [
    { state: "ACTIVE", at: 7 },
    { state: "PENDING", at: 9 },
  ]);
  expect(packed).toBe("P5A7P9");
  expect(appendHistory({ history: packed, createdAt: 5 }, [{ state: "CANCELLED", at: 11 }])).toBe(
    "P5A7P9X11",
  );
  expect(appendHistory({ history: "", createdAt: 5 }, [{ state: "SCHEDULED", at: 5 }])).toBe("S5");
});

it("keeps the first entry and the newest", () => {
  let history: string | null = null;
  for (let at = 1; at <= 500; at++)
    history = appendHistory({ history, createdAt: 0 }, [{ state: "ACTIVE", at }]);
  const entries = unpackHistory(history ?? "");
  expect(entries).toHaveLength(maxHistoryEntries);
  expect(entries[0]).toEqual({ state: "PENDING", at: 0 });
  expect(entries.slice(1).map(({ at }) => at)).toEqual(
    Array.from({ length: 199 }, (_, index) => 302 + index),
  );
});
