import { mintTaskId, timeOfTaskId } from "@workstream/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashSlot, slotCount } from "./hash-slot.ts";
import { homeOfKey, partitionOfId, withPartition } from "./partition-ids.ts";
import { partitionPrefixes } from "./partition-prefixes.ts";

describe("prefixes of partitions", () => {
  it("knows slots as Redis does", () => {
    expect(hashSlot("123456789")).toBe(0x31c3);
    expect(hashSlot("foo")).toBe(12_182);
    expect(hashSlot("{foo}bar")).toBe(12_182);
    expect(hashSlot("{}foo")).toBe(hashSlot("{}foo"));
  });

  it("leaves the first as it is, and later ones where they are when there are more", () => {
    expect(partitionPrefixes("", 3)).toEqual(["", "p1:", "p2:"]);
    expect(partitionPrefixes("ws:", 1)).toEqual(["ws:"]);
    const eight = partitionPrefixes("{ws}:", 8);
    expect(eight[0]).toBe("{ws}:");
    expect(partitionPrefixes("{ws}:", 5)).toEqual(eight.slice(0, 5));
    expect(new Set(eight).size).toBe(8);
  });

  it("puts as many partitions as there are nodes on a node each, whatever the tag", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom(2, 3, 4), (tag, nodes) => {
        const slots = partitionPrefixes(`{${tag}}:`, nodes).map(hashSlot);
        const used = new Set(slots.map((slot) => Math.floor((slot * nodes) / slotCount)));
        expect(used.size).toBe(nodes);
      }),
      { numRuns: 60 },
    );
  });
});

describe("ids of partitions", () => {
  it("carry their partition and stay ids of their time", () => {
    const id = withPartition(mintTaskId(1_767_268_800_000), 37);
    expect(timeOfTaskId(id)).toBe(1_767_268_800_000);
    expect(partitionOfId(id, 64)).toBe(37);
    expect(partitionOfId(id, 2)).toBe(0);
    expect(partitionOfId("another program's", 64)).toBe(0);
  });

  it("keeps the keys of one batch together", () => {
    const homes = Array.from({ length: 50 }, (_, index) => homeOfKey(`order-7#${index}`, 5));
    expect(new Set(homes)).toEqual(new Set([homeOfKey("order-7", 5)]));
    const spread = new Set(Array.from({ length: 100 }, (_, index) => homeOfKey(`order-${index}`, 5)));
    expect(spread.size).toBe(5);
  });
});
