import { WorkstreamError } from "@workstream/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineService } from "../definition/define-service.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { recordOf } from "./call-reading.ts";
import { CallRecorder } from "./call-recorder.ts";
import { ScriptedGuards } from "./guards.fixture.ts";

const { policy } = defineService({ name: "model" });

function setUp() {
  const guards = new ScriptedGuards();
  const errors: Record<string, unknown>[] = [];
  const logger: Logger = { ...silentLogger, error: (facts) => errors.push(facts) };
  const versions: number[] = [];
  const onBreaker = ({ version }: { version: number }) => void versions.push(version);
  const recorder = new CallRecorder({ guards, policy, logger, onBreaker });
  const record = (turn: string) => recorder.add(recordOf(turn, { outcome: "success" }));
  return { guards, recorder, record, errors, versions };
}

describe("CallRecorder", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("records the calls of one turn of the event loop together, and passes the breaker on", async () => {
    const { guards, record, versions } = setUp();
    record("t1");
    record("t2");
    await vi.advanceTimersByTimeAsync(0);
    record("t3");
    await vi.advanceTimersByTimeAsync(0);
    expect(guards.recorded.map((calls) => calls.map(({ turn }) => turn))).toEqual([["t1", "t2"], ["t3"]]);
    expect(versions).toEqual([1, 1]);
  });

  it("tries again when the store does not answer, and lets nobody wait for it", async () => {
    const { guards, record, recorder, errors } = setUp();
    let fails = 3;
    guards.onRecord = () => {
      if (fails-- > 0) throw new WorkstreamError("store_unavailable", "away");
    };
    record("t1");
    const idle = recorder.idle();
    await vi.advanceTimersByTimeAsync(3000);
    await idle;
    expect(guards.recorded).toHaveLength(1);
    expect(errors).toEqual([]);
  });

  it("says in the log what it could not record", async () => {
    const { guards, record, recorder, errors } = setUp();
    guards.onRecord = () => Promise.reject(new WorkstreamError("store_unavailable", "away"));
    record("t1");
    record("t2");
    const idle = recorder.idle();
    await vi.advanceTimersByTimeAsync(20_000);
    await idle;
    expect(errors).toMatchObject([{ service: "model", calls: 2 }]);
  });
});
