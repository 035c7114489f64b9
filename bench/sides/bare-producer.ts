/** Hands a text to a list, and does nothing else: what every queue on Redis has to wait for. */
import { Redis } from "ioredis";
import { readSettings, serve } from "../serve.ts";
import { producer } from "./producer.ts";

const { url } = readSettings<{ url: string }>();
const redis = new Redis(url);
const push = (text: string) => redis.rpush("bare", text);

serve(
  producer({
    one: push,
    marked: push,
    many: (count) => redis.rpush("bare", ...Array.from({ length: count }, String)),
  }),
);
