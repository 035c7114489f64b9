import { expect, it } from "vitest";
import { Wakeups } from "./wakeups.ts";

const never = new AbortController().signal;
const longMs = 60_000;

it("gives a token to the one who waits longest on its list, and to nobody else", async () => {
  const wakeups = new Wakeups();
  const ended: string[] = [];
  const wait = (name: string, ...queues: string[]) =>
    wakeups.wait(queues, longMs, never).then(() => void ended.push(name));
  const waits = [wait("mail", "mail"), wait("first", "mail", "primary"), wait("second", "primary")];
  wakeups.push("primary");
  await waits[1];
  wakeups.push("retry");
  await waits[2];
  expect(ended).toEqual(["first", "second"]);
  wakeups.push("mail");
  await waits[0];
});

it("keeps one token for whoever comes next", async () => {
  const wakeups = new Wakeups();
  wakeups.push("primary");
  wakeups.push("primary");
  await wakeups.wait(["retry"], longMs, never);
  const abort = new AbortController();
  let isOver = false;
  const second = wakeups.wait(["primary"], longMs, abort.signal).then(() => {
    isOver = true;
  });
  await Promise.resolve();
  expect(isOver).toBe(false);
  abort.abort();
  await second;
});

it("takes no token for a wait that was over before it began, and loses none to one that has ended", async () => {
  const wakeups = new Wakeups();
  const abort = new AbortController();
  const waiting = wakeups.wait(["primary"], longMs, abort.signal);
  abort.abort();
  await waiting;
  wakeups.push("primary");
  await wakeups.wait(["primary"], longMs, AbortSignal.abort());
  await wakeups.wait(["primary"], longMs, never);
});

it("ends every wait at close", async () => {
  const wakeups = new Wakeups();
  const waits = [wakeups.wait(["primary"], longMs, never), wakeups.wait(["mail"], longMs, never)];
  wakeups.close();
  expect(await Promise.all(waits)).toEqual([undefined, undefined]);
});
