// A user's module: task types that write down what they do, for tests that kill, cut and freeze things around them.
import { appendFileSync } from "node:fs";
import { defineTask } from "@workstream/worker";
import { z } from "zod";

const journal = process.env.PROBE_JOURNAL;

function note(event, ctx) {
  if (journal)
    appendFileSync(journal, `${event} ${ctx.id} ${ctx.attempt} ${ctx.leaseToken} ${process.pid}\n`);
}

/** Sleeps, then returns the lease it ran under. */
export const probe = defineTask({
  type: "probe",
  queue: "primary",
  description: "Sleeps for a while and says under which lease",
  input: z.object({ ms: z.number().min(0) }),
  output: z.object({ token: z.string(), pid: z.number() }),
  async run({ ms }, ctx) {
    note("start", ctx);
    await new Promise((resolve) => setTimeout(resolve, ms));
    note("end", ctx);
    return { token: ctx.leaseToken, pid: process.pid };
  },
});

/** Holds the event loop: nothing else runs in this process meanwhile. */
export const busy = defineTask({
  type: "busy",
  queue: "primary",
  description: "Holds the event loop for a while",
  input: z.object({ ms: z.number().min(0) }),
  output: z.object({ token: z.string() }),
  async run({ ms }, ctx) {
    note("start", ctx);
    const until = Date.now() + ms;
    while (Date.now() < until);
    return { token: ctx.leaseToken };
  },
});

/** Takes its worker down, and all that runs beside it. */
export const poison = defineTask({
  type: "poison",
  queue: "primary",
  description: "Kills the process that runs it",
  input: z.object({ ms: z.number().min(0) }),
  output: z.object({}),
  async run({ ms }, ctx) {
    note("start", ctx);
    await new Promise((resolve) => setTimeout(resolve, ms));
    process.kill(process.pid, "SIGKILL");
    return {};
  },
});
