import type { GuardedService } from "@workstream/worker";
import { expect, it } from "vitest";
import type { ChatModel } from "../openrouter/chat-model.ts";
import { askImpatiently, askPatiently } from "./ask-model.ts";

const request = { system: "Sum up.", content: [], maxTokens: 10 };

/** A call that was under way when the breaker opened is made again when it may be a probe. */
const callingTwice = {
  name: "openrouter",
  breaker: () => null,
  call: async (fn: (signal: AbortSignal) => Promise<unknown>) => {
    const { signal } = new AbortController();
    return fn(signal).catch(() => fn(signal));
  },
} as unknown as GuardedService;

function cutOnce(): ChatModel {
  let calls = 0;
  return {
    model: "scripted/one",
    contextTokens: 1_000,
    complete: async (_, { onText }) => {
      calls += 1;
      onText?.("Half ");
      if (calls === 1) throw new Error("cut");
      onText?.("and half.");
      const usage = { promptTokens: 1, completionTokens: 1, cost: 0 };
      return { text: "Half and half.", finishReason: "stop", model: "scripted/one", usage };
    },
  };
}

it.each([
  ["patiently", (chat: ChatModel) => askPatiently(chat, callingTwice)],
  ["impatiently", (chat: ChatModel) => askImpatiently(chat, callingTwice, { retriesLeft: 1 })],
])("begins the stream anew when the guards make the call again, asked %s", async (_, asking) => {
  const said: string[] = [];
  const stream = { onText: (delta: string) => said.push(delta), onRestart: () => said.push("|") };
  await asking(cutOnce())(request, stream);
  expect(said.join("")).toBe("Half |Half and half.");
});
