import { openRedisStores } from "@workstream/redis";
import { newTask } from "@workstream/testing";
import { readSettings, serve } from "../serve.ts";
import { hundredBytes, producer } from "./producer.ts";

const { url } = readSettings<{ url: string }>();
const { tasks } = await openRedisStores({ url });

const noop = (content: string) => newTask(tasks.mintId(), { type: "noop", content });

serve(
  producer({
    one: (content) => tasks.enqueue(noop(content)),
    marked: (content, priority) =>
      tasks.enqueue(newTask(tasks.mintId(), { type: "marked", content, ...(priority && { priority }) })),
    many: (count) => tasks.enqueueBatch(Array.from({ length: count }, () => noop(hundredBytes))),
  }),
);
