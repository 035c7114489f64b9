import { type Generation, generate, plainBody, streamPieces } from "./chat-answer.ts";
import { type ChatRequestBody, chatRequestSchema } from "./chat-request.ts";
import type { FaultRule, Rule } from "./control.ts";
import { type FakeCall, faultIn, takeRule } from "./fake-call.ts";
import { faultAnswer, innerError } from "./fault-answers.ts";
import type { Reply } from "./reply.ts";

/** `POST /chat/completions`, with the fault that was put on it. */
export async function answerChat(call: FakeCall, reply: Reply): Promise<void> {
  const { record, state, authorization } = call;
  const request = chatRequestSchema.safeParse(call.body).data;
  record.model = request?.model ?? null;
  record.isStream = request?.stream ?? false;
  const rule = takeRule(call);
  const fault = faultIn(rule);
  if (fault?.fault === "reset") return reply.reset();
  await reply.pause(state.settings.latencyMs + firstByteDelay(fault));
  const refusal = fault && faultAnswer(fault, authorization, Date.now());
  if (refusal) return reply.text(refusal.status, refusal.body, refusal.headers);
  if (!request)
    return reply.json(400, { error: { code: 400, message: "Input required: model and messages" } });
  if (reply.isGone) return;
  const generation = generationFor(request, { rule, id: `gen-${record.number}` });
  state.account.pay(generation.usage.cost, request.model);
  const outcome: Outcome = { call, generation, fault };
  await (request.stream ? answerStream(outcome, reply) : answerPlainly(outcome, reply));
}

/** A generation that was paid for, and what is to happen to it on its way. */
type Outcome = { call: FakeCall; generation: Generation; fault: FaultRule | null };

export function firstByteDelay(fault: FaultRule | null): number {
  return fault?.fault === "slow-first-byte" ? (fault.delayMs ?? 10_000) : 0;
}

function generationFor(
  request: ChatRequestBody,
  { rule, id }: { rule: Rule | null; id: string },
): Generation {
  const generation = generate(request, id, rule && "answer" in rule ? rule.answer : null);
  const fault = faultIn(rule)?.fault;
  if (fault === "empty-answer") return { ...generation, text: "" };
  if (fault !== "content-filter") return generation;
  const half = generation.text.slice(0, generation.text.length / 2);
  return { ...generation, text: half, finishReason: "content_filter" };
}

async function answerPlainly(outcome: Outcome, reply: Reply): Promise<void> {
  const { generation, fault } = outcome;
  const body = JSON.stringify(plainJson(outcome));
  const headers = { "content-type": "application/json", "x-generation-id": generation.id };
  const half = body.slice(0, Math.ceil(body.length / 2));
  switch (fault?.fault) {
    case "broken-json":
      return reply.text(200, half, headers);
    case "cut":
      reply.open(200, { ...headers, "content-length": String(Buffer.byteLength(body)) });
      await reply.write(half);
      return reply.cut();
    case "slow-drip":
      reply.open(200, headers);
      return drip(body.match(/[\s\S]{1,8}/g) ?? [], fault.delayMs, reply);
    default:
      return reply.text(200, body, headers);
  }
}

function plainJson({ call, generation, fault }: Outcome): unknown {
  const { authorization, state } = call;
  if (fault?.fault === "error-in-body") {
    return { id: generation.id, error: innerError(fault, authorization, Date.now()) };
  }
  const body = withUsage(plainBody(generation), state.settings.tellsUsage);
  if (fault?.fault !== "error-in-choice") return body;
  const error = innerError(fault, authorization, Date.now());
  const message = { role: "assistant", content: generation.text.slice(0, 20) };
  return { ...body, choices: [{ index: 0, message, finish_reason: "error", error }] };
}

async function answerStream({ call, generation, fault }: Outcome, reply: Reply): Promise<void> {
  const { tellsUsage, pieceMs } = call.state.settings;
  reply.open(200, { "content-type": "text/event-stream", "x-generation-id": generation.id });
  await reply.write(": OPENROUTER PROCESSING\n\n");
  const pieces = streamPieces(generation).map((piece) => withUsage(piece, tellsUsage));
  const events = pieces.map(event);
  if (fault && breaksStream.includes(fault.fault)) {
    return breakStream({ call, generation, fault }, events.slice(0, fault.afterPieces ?? 2), reply);
  }
  const delayMs = fault?.fault === "slow-drip" ? (fault.delayMs ?? 1_000) : pieceMs;
  await drip([...events, "data: [DONE]\n\n"], delayMs, reply);
}

const breaksStream: readonly string[] = [
  "cut",
  "short-stream",
  "broken-json",
  "error-in-choice",
  "error-in-body",
  "error-in-stream",
];

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

async function breakStream(
  { call, generation: { id, model }, fault }: Outcome & { fault: FaultRule },
  sent: readonly string[],
  reply: Reply,
): Promise<void> {
  const half = `data: {"id":"${id}","choi`;
  await reply.write(sent.join(""));
  if (fault.fault === "cut") {
    await reply.write(half);
    return reply.cut();
  }
  if (fault.fault === "broken-json") await reply.write(`${half}\n\n`);
  if (fault.fault.startsWith("error-in-")) {
    const error = innerError(fault, call.authorization, Date.now());
    const choices = [{ index: 0, delta: { content: "" }, finish_reason: "error" }];
    await reply.write(event({ id, model, error, choices }));
  }
  reply.end();
}

async function drip(parts: readonly string[], delayMs: number | undefined, reply: Reply): Promise<void> {
  if (delayMs === 0) await reply.write(parts.join(""));
  else {
    for (const part of parts) {
      if (reply.isGone) return;
      await reply.pause(delayMs ?? 1_000);
      await reply.write(part);
    }
  }
  reply.end();
}

function withUsage<Body extends Record<string, unknown>>(body: Body, tellsUsage: boolean): Partial<Body> {
  if (tellsUsage) return body;
  const { usage: _, ...rest } = body;
  return rest as Partial<Body>;
}
