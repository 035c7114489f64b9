import { describe, expect, it } from "vitest";
import { ChunkSize } from "./chunk-size.ts";

const bounds = { least: 10, most: 200 };

function afterMany(msPerTask: number, size = new ChunkSize(bounds)): number {
  for (let run = 0; run < 50; run++) size.learn(size.size, size.size * msPerTask);
  return size.size;
}

describe("the size of a chunk", () => {
  it("is what takes 1 ms", () => {
    expect(afterMany(0.01)).toBe(100);
    expect(afterMany(0.05)).toBe(20);
  });

  it("begins small, for the first script is compiled as well", () => {
    expect(new ChunkSize({ least: 5, most: 200 }).size).toBe(10);
    expect(new ChunkSize({ least: 20, most: 200 }).size).toBe(20);
  });

  it("stays within its bounds", () => {
    expect(afterMany(0.001)).toBe(200);
    expect(afterMany(3)).toBe(10);
  });

  it("halves at most after one that was late, and comes back", () => {
    const size = new ChunkSize(bounds);
    expect(afterMany(0.01, size)).toBe(100);
    size.learn(size.size, 500);
    expect(size.size).toBe(50);
    expect(afterMany(0.01, size)).toBe(100);
  });

  it("learns nothing from a small one that was quick", () => {
    const size = new ChunkSize(bounds);
    expect(afterMany(0.02, size)).toBe(50);
    size.learn(1, 0.3);
    expect(size.size).toBe(50);
    size.learn(1, 4);
    expect(size.size).toBe(25);
  });
});
