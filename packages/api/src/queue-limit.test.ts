import type { QueueStatus } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { QueueLimit } from "./queue-limit.ts";

const status = { queues: { primary: 8, reports: 0 } } as unknown as QueueStatus;

describe("QueueLimit", () => {
  it("refuses what would pass the limit, queue by queue", async () => {
    const limit = new QueueLimit({ status: async () => status }, 10);
    await limit.check(["primary", "primary", "reports", "new"]);
    const refused = limit.check(["primary", "primary", "primary"]);
    await expect(refused).rejects.toMatchObject({
      code: "too_many_requests",
      details: { retry_after_seconds: 10 },
    });
  });

  it("asks the store once for many tasks, and again after a failure", async () => {
    let asked = 0;
    const limit = new QueueLimit(
      {
        status: async () => {
          asked += 1;
          if (asked === 1) throw new Error("lost");
          return status;
        },
      },
      10,
    );
    await expect(limit.check(["primary"])).rejects.toThrow("lost");
    await Promise.all([limit.check(["primary"]), limit.check(["reports"])]);
    expect(asked).toBe(2);
  });

  it("asks nothing without a limit", async () => {
    const fail = async () => {
      throw new Error("asked");
    };
    await expect(new QueueLimit({ status: fail }, null).check(["primary"])).resolves.toBeUndefined();
  });
});
