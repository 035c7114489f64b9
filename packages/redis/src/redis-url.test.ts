import { describe, expect, it } from "vitest";
import { describeTarget, parseRedisUrl } from "./redis-url.ts";

describe("parseRedisUrl", () => {
  it.each([
    [
      "redis://localhost",
      { kind: "single", address: { host: "localhost", port: 6379 }, db: 0, isTls: false, login: {} },
    ],
    [
      "rediss://ann:p%40ss:word@cache.example:6380/3",
      {
        kind: "single",
        address: { host: "cache.example", port: 6380 },
        db: 3,
        isTls: true,
        login: { username: "ann", password: "p@ss:word" },
      },
    ],
    ["redis://:secret@[::1]:7000", { address: { host: "::1", port: 7000 }, login: { password: "secret" } }],
    [
      "redis+sentinel://:pw@a:1,b/main/2",
      {
        kind: "sentinel",
        sentinels: [
          { host: "a", port: 1 },
          { host: "b", port: 26379 },
        ],
        master: "main",
        db: 2,
      },
    ],
    [
      "redis+cluster://a:1,b:2",
      {
        kind: "cluster",
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
      },
    ],
    [
      "rediss://:pw@a:1,rediss://:pw@b:2",
      {
        kind: "cluster",
        isTls: true,
        nodes: [
          { host: "a", port: 1 },
          { host: "b", port: 2 },
        ],
        login: { password: "pw" },
      },
    ],
  ])("reads %s", (url, expected) => {
    expect(parseRedisUrl(url)).toMatchObject(expected);
  });

  it.each(["", "localhost:6379", "http://a", "redis://a:1,b:2", "redis://a/x", "redis://", "redis://a:99x"])(
    "refuses %j",
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: "invalid_input" }));
    },
  );

  it("never tells the password", () => {
    const urls = ["redis://u:hush@a", "redis+cluster://:hush@a,b", "redis+sentinel://:hush@a/m"];
    for (const url of urls) expect(describeTarget(parseRedisUrl(url))).not.toContain("hush");
    expect(() => parseRedisUrl("redis://:hush@a:b:c")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hush") }),
    );
  });
});
