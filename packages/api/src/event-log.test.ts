import { toHeartbeat } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { EventLog } from "./event-log.ts";

const limits = { maxLogEvents: 3, maxLogAgeMs: 1_000 };

function logOf(times: number[]): EventLog {
  const log = new EventLog("boot", limits);
  for (const atMs of times) log.append(toHeartbeat(atMs), atMs);
  return log;
}

function idsIn(frames: string | null): string[] | null {
  return frames === null ? null : [...frames.matchAll(/^id: (.+)$/gm)].map(([, id = ""]) => id);
}

describe("EventLog", () => {
  it("writes an id and one line of data", () => {
    const frame = new EventLog("boot", limits).append({ type: "error", message: "two\nlines" }, 0);
    expect(frame).toBe('id: boot-1\ndata: {"type":"error","message":"two\\nlines"}\n\n');
  });

  it("replays what followed an id", () => {
    const log = logOf([0, 1, 2]);
    expect(idsIn(log.since("boot-1", 2))).toEqual(["boot-2", "boot-3"]);
    expect(log.since("boot-3", 2)).toBe("");
  });

  it("doesn't know ids of another boot, of the future, or that are none", () => {
    const log = logOf([0, 1, 2]);
    for (const id of ["other-1", "boot-4", "boot-", "boot-x", "", "1"]) expect(log.since(id, 2)).toBeNull();
  });

  it("doesn't resume across a dropped event", () => {
    const log = logOf([0, 1, 2, 3, 4]);
    expect(log.since("boot-1", 4)).toBeNull();
    expect(idsIn(log.since("boot-2", 4))).toEqual(["boot-3", "boot-4", "boot-5"]);
  });

  it("drops by age, and still resumes from the newest when nothing followed it", () => {
    const log = logOf([0, 900]);
    expect(log.since("boot-1", 1_950)).toBeNull();
    expect(log.since("boot-2", 1_950)).toBe("");
  });

  it("resumes from nothing earlier once cleared", () => {
    const log = logOf([0, 1]);
    log.clear();
    expect(log.since("boot-2", 1)).toBeNull();
    log.append(toHeartbeat(2), 2);
    expect(log.since("boot-2", 2)).toBeNull();
    expect(log.since("boot-4", 2)).toBe("");
  });
});
