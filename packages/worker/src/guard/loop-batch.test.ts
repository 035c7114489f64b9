import { expect, it } from "vitest";
import { LoopBatch } from "./loop-batch.ts";

it("is idle when what was added until then is answered, whatever came after it", async () => {
  const answers: (() => void)[] = [];
  const batch = new LoopBatch<string>({
    size: 10,
    send: () => new Promise((resolve) => answers.push(resolve)),
  });
  batch.add("a");
  let isIdle = false;
  const idle = batch.idle().then(() => {
    isIdle = true;
  });
  batch.add("b");
  batch.flush();
  expect(answers).toHaveLength(2);
  answers[0]?.();
  await new Promise(setImmediate);
  expect(isIdle).toBe(true);
  answers[1]?.();
  await idle;
});
