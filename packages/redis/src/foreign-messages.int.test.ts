/** What another program publishes on our channels: a listener that throws would take the process down. */
import { newTask, until, workerId } from "@workstream/testing";
import { expect, it } from "vitest";
import { readEvents } from "./event-feed.ts";
import { freshPrefix, useRedis } from "./redis-test.fixture.ts";

const redis = useRedis();
const foreign = ["not JSON", "7", "null", "{}", '"text"', "[]", "[7,null,{}]"];

async function publish(channel: string, messages: readonly string[]): Promise<void> {
  for (const message of messages) await redis.raw.publish(channel, message);
}

it("is ignored among revocations", async () => {
  const prefix = freshPrefix();
  const { workers } = await redis.open({ prefix });
  const heard: string[][] = [];
  await workers.onRevoked(workerId, (ids) => heard.push(ids));
  await publish(`${prefix}worker:revoked:${workerId}`, [...foreign, '["a","b"]']);
  await until("the last message", () => heard.flat().includes("b"));
  expect(heard).toEqual([["a", "b"]]);
});

it("is ignored among what a task says", async () => {
  const prefix = freshPrefix();
  const { tasks, outputs } = await redis.open({ prefix });
  const { id } = newTask(tasks.mintId());
  const entry = { number: 1, kind: "output", text: "a", at: 1 };
  const heard: unknown[] = [];
  await outputs.subscribe(id, { onEntries: (entries) => heard.push(...entries), onGap() {} });
  await publish(`${prefix}task-output:${id}`, [...foreign, JSON.stringify([entry])]);
  await until("the last message", () => heard.some((each) => (each as typeof entry | null)?.number === 1));
  expect(heard).toEqual([entry]);
});

it.each([...foreign, '[{"type":"queue_update"}]'])("is ignored among changes: %s", (message) => {
  expect(readEvents(message)).toBeNull();
});
