// A user's module with a bit of everything that a dashboard shows: types that run long with progress, write as they go,
// fail in several ways, and call a service of their own.
import { setTimeout as sleep } from "node:timers/promises";
import { defineService, defineTask, permanent, taskError } from "@workstream/worker";
import { z } from "zod";

const address = z.object({ to: z.string() });
const done = z.object({ ok: z.boolean() });

export const importTable = defineTask({
  type: "import-table",
  description: "Imports a table row by row",
  input: z.object({
    table: z.string().describe("Its name"),
    ms: z.number().min(0).max(120_000).default(4_000),
  }),
  output: z.object({ rows: z.number() }),
  async run({ table, ms }, ctx) {
    const steps = 20;
    for (let step = 1; step <= steps; step++) {
      await sleep(ms / steps, undefined, { signal: ctx.signal });
      ctx.progress({ step: `rows of ${table}`, done: step * 500, of: steps * 500 });
    }
    return { rows: 10_000 };
  },
});

export const writeLetter = defineTask({
  type: "write-letter",
  description: "Writes a letter word by word",
  input: z.object({
    to: z.string().describe("Whom it is for"),
    tone: z.enum(["formal", "warm"]).default("warm"),
    pauseMs: z.number().min(0).max(1_000).default(40).describe("After each word"),
  }),
  output: z.object({ words: z.number() }),
  async run({ to, tone, pauseMs }, ctx) {
    const text = `Dear ${to}, your request arrived this morning and we have looked into it with care. ${tone === "warm" ? "It was good to hear from you." : "We refer to your letter."} `;
    const words = text.repeat(4).split(" ");
    for (const word of words) {
      ctx.output(`${word} `);
      await sleep(pauseMs, undefined, { signal: ctx.signal });
    }
    return { words: words.length };
  },
});

export const sendInvoice = defineTask({
  type: "send-invoice",
  description: "Sends an invoice, unless the address is wrong",
  input: address,
  output: done,
  retry: { maxRetries: 0 },
  async run({ to }) {
    if (!to.includes("@")) throw permanent(`"${to}" is no address: it has no @.`);
    throw new Error(`connect ECONNREFUSED 127.0.0.1:2525 while sending to ${to}`);
  },
});

/** Fails at first and goes well the second time. */
export const syncContacts = defineTask({
  type: "sync-contacts",
  description: "Synchronizes an address book; its first attempt is refused",
  input: address,
  output: done,
  retry: { maxRetries: 3 },
  async run({ to }, ctx) {
    await sleep(150, undefined, { signal: ctx.signal });
    if (ctx.attempt === 1) throw taskError("NetworkTimeout", `${to} did not answer within 150 ms.`);
    return { ok: true };
  },
});

const weather = defineService({ name: "weather", limit: "50/10s", breaker: { openMs: 30_000 } });

export const forecast = defineTask({
  type: "forecast",
  description: "Asks the weather service",
  input: z.object({ city: z.string(), works: z.boolean().default(true) }),
  output: z.object({ text: z.string() }),
  services: [weather],
  run: ({ city, works }, ctx) =>
    ctx.service("weather").call(async () => {
      await sleep(30, undefined, { signal: ctx.signal });
      if (!works) throw taskError("ServiceUnavailable", "The weather service answered 502.");
      return { text: `Light rain in ${city}, 12 °C.` };
    }),
});
