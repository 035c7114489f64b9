// The task types of a made-up shop, for pictures of the dashboard: they run long, write, fail and recover on demand.
import { setTimeout as sleep } from "node:timers/promises";
import { defineService, defineTask, permanent, taskError } from "@workstream/worker";
import { z } from "zod";

export const resizeImage = defineTask({
  type: "resize-image",
  description: "Makes the sizes of a product picture that the shop shows",
  input: z.object({ file: z.string(), width: z.number().default(1200) }),
  output: z.object({ file: z.string(), bytes: z.number() }),
  async run({ file, width }) {
    if (file.endsWith(".heic")) throw permanent(`"${file}" can't be read: HEIC is not among the formats.`);
    return { file: file.replace(".", `-${width}.`), bytes: width * 140 };
  },
});

export const importCatalog = defineTask({
  type: "import-catalog",
  description: "Imports a supplier's price list row by row",
  queue: "imports",
  concurrency: 5,
  input: z.object({ supplier: z.string(), rows: z.number(), seconds: z.number().default(0) }),
  output: z.object({ rows: z.number() }),
  retry: { maxRetries: 0 },
  async run({ supplier, rows, seconds }, ctx) {
    if (seconds === 0)
      throw taskError("ValidationError", `Row 4118 of "${supplier}": the price is not a number.`);
    const steps = 200;
    for (let step = 1; step <= steps; step++) {
      ctx.progress({ step: `rows of ${supplier}`, done: Math.round((rows / steps) * step), of: rows });
      await sleep((seconds * 1_000) / steps, undefined, { signal: ctx.signal });
    }
    return { rows };
  },
});

const letter = (to) => `Dear ${to},

thank you for writing to us about the lamp that reached you with a cracked shade. I have looked at the pictures you sent and at the parcel's way to you: it was handed over twice in the rain, and the box was not the one we use for glass.

A new shade left our store in Lund this afternoon. It should be with you on Thursday, and it comes in two boxes, one inside the other. You don't need to send the broken one back. If the metal ring is bent as well, please leave it as it is and tell me; we will then replace the whole lamp.

You also asked whether the larger model takes the same bulb. It does, up to 60 watts, and it has the longer cable that you were missing. Should you want to exchange yours for it, the difference is 18 euros, and the way back is on us.

I am sorry for the trouble. You have had to write twice, which is once too often.

Kind regards,
Marit Solberg, customer care`;

export const writeLetter = defineTask({
  type: "write-letter",
  description: "Answers a customer's letter: half of it at once, then word by word",
  input: z.object({
    to: z.string().describe("Whom it is for"),
    tone: z.enum(["formal", "warm"]).default("warm"),
    pauseMs: z.number().int().min(0).default(40).describe("Between two words"),
  }),
  output: z.object({ words: z.number() }),
  async run({ to, pauseMs }, ctx) {
    const words = letter(to).split(/(?<=\s)/);
    for (const [index, word] of words.entries()) {
      ctx.output(word);
      await sleep(index < 110 ? 5 : pauseMs, undefined, { signal: ctx.signal });
    }
    return { words: words.length };
  },
});

export const sendInvoice = defineTask({
  type: "send-invoice",
  description: "Sends an invoice by mail",
  input: z.object({ to: z.string(), invoice: z.string() }),
  output: z.object({ messageId: z.string() }),
  retry: { maxRetries: 0 },
  async run({ to, invoice }) {
    if (to.endsWith(".test")) throw new Error(`connect ECONNREFUSED 10.0.4.12:2525 while sending to "${to}"`);
    if (!to.includes("@")) throw permanent(`"${to}" is no address: it has no @.`);
    return { messageId: `<${invoice}@mail.example>` };
  },
});

/** Its first attempts are refused, each for a reason of its own; `works` says which one goes well. */
export const syncContacts = defineTask({
  type: "sync-contacts",
  description: "Brings an address book up to date",
  input: z.object({ book: z.string(), works: z.number().int().min(1).default(1) }),
  output: z.object({ changed: z.number() }),
  retry: { maxRetries: 3, schedules: { NetworkTimeout: [1], ServiceUnavailable: [1, 2, 4] } },
  async run({ book, works }, ctx) {
    await sleep(120 * ctx.attempt, undefined, { signal: ctx.signal });
    if (ctx.attempt >= works) return { changed: 37 };
    if (ctx.attempt === 1) throw taskError("NetworkTimeout", `${book} did not answer within 120 ms.`);
    const retryAfterMs = ctx.attempt === 3 && works > 4 ? 900_000 : undefined;
    throw taskError("ServiceUnavailable", `${book} answered 503: being migrated, try again later.`, {
      retryAfterMs,
    });
  },
});

export const deliverWebhook = defineTask({
  type: "deliver-webhook",
  description: "Tells a partner's server what happened; what can't be told is no dead letter",
  input: z.object({ url: z.string(), event: z.string() }),
  output: z.object({ status: z.number() }),
  retry: { maxRetries: 0, deadLetter: false },
  async run({ url }) {
    if (url.includes("/gone")) throw permanent(`${url} answered 410: the partner wants no more of these.`);
    return { status: 204 };
  },
});

export const monthlyReport = defineTask({
  type: "monthly-report",
  description: "Adds up a month for the bookkeeper",
  queue: "reports",
  input: z.object({ month: z.string(), shop: z.string() }),
  output: z.object({ pages: z.number() }),
  run: () => ({ pages: 4 }),
});

const weather = defineService({ name: "weather", limit: "50/10s", breaker: { openMs: 1_500_000 } });
const geocoder = defineService({ name: "geocoder", limit: "20/1s" });

export const forecast = defineTask({
  type: "forecast",
  description: "Asks the weather service whether a delivery by bicycle will stay dry",
  input: z.object({ city: z.string() }),
  output: z.object({ text: z.string() }),
  services: [weather],
  run: ({ city }, ctx) =>
    ctx.service("weather").call(() => {
      throw taskError("ServiceUnavailable", `The weather service answered 502 for ${city}.`);
    }),
});

export const findAddress = defineTask({
  type: "find-address",
  description: "Finds the place of an address on the map",
  input: z.object({ address: z.string() }),
  output: z.object({ lat: z.number(), lon: z.number() }),
  services: [geocoder],
  run: ({ address }, ctx) =>
    ctx.service("geocoder").call(async () => ({ lat: 55.7 + address.length / 1000, lon: 13.19 })),
});
