import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { readSettings, serve } from "../serve.ts";
import { hundredBytes, producer } from "./producer.ts";

const { url } = readSettings<{ url: string }>();
const queue = new Queue("bench", { connection: new Redis(url, { maxRetriesPerRequest: null }) });
await queue.waitUntilReady();

serve(
  producer({
    one: (text) => queue.add("noop", { text }),
    marked: (text) => queue.add("marked", { text }),
    many: (count) =>
      queue.addBulk(Array.from({ length: count }, () => ({ name: "noop", data: { text: hundredBytes } }))),
  }),
);
