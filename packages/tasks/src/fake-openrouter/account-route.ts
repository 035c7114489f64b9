import { firstByteDelay } from "./chat-route.ts";
import { type FakeCall, faultIn, takeRule } from "./fake-call.ts";
import { fakeManagementKey } from "./fake-state.ts";
import { faultAnswer } from "./fault-answers.ts";
import type { Reply } from "./reply.ts";

/** `GET /key` and `GET /credits`, with the faults that were put on them. */
export async function answerAccount(call: FakeCall, reply: Reply): Promise<void> {
  const { record, authorization, state } = call;
  const fault = faultIn(takeRule(call));
  if (fault?.fault === "reset") return reply.reset();
  await reply.pause(state.settings.latencyMs + firstByteDelay(fault));
  const refusal = fault && faultAnswer(fault, authorization, Date.now());
  if (refusal) return reply.text(refusal.status, refusal.body, refusal.headers);
  if (fault?.fault === "broken-json")
    return reply.text(200, '{"data":', { "content-type": "application/json" });
  if (record.path === "/key") return reply.json(200, state.account.keyFacts());
  if (record.path !== "/credits") return reply.json(404, { error: { code: 404, message: "Not found" } });
  if (authorization === `Bearer ${fakeManagementKey}`) return reply.json(200, state.account.creditFacts());
  return reply.json(403, { error: { code: 403, message: "Only management keys can do this." } });
}
