import { Account } from "./account.ts";
import { chatRequestSchema, promptText } from "./chat-request.ts";
import type { FaultRule, ParsedControl, Rule } from "./control.ts";
import type { FakeCall } from "./fake-call.ts";
import type { FaultName } from "./fault-name.ts";
import { type LimitReport, LimitWatch, type WatchedLimit } from "./limit-watch.ts";
import { RuleBook } from "./rule-book.ts";

/** The key that is always accepted. */
export const fakeOpenRouterKey = "test-key";
export const fakeManagementKey = "test-management-key";

const everywhere: readonly FaultName[] = ["down", "key-invalid"];

/** What the fake was told, and what it remembers besides the requests. */
export class FakeState {
  readonly account = new Account({ balance: 100, usage: 0 });
  readonly settings = { latencyMs: 0, pieceMs: 0, tellsUsage: true, checksKey: false };
  readonly #rules = new RuleBook();
  #limit: WatchedLimit | null = null;
  #watch: LimitWatch | null = null;

  apply(control: ParsedControl, nowMs: number): void {
    const { clear, rules = [], fail = [], balance, usage, limit, ...settings } = control;
    if (clear) this.#rules.clear();
    this.#rules.add([...rules, ...fail], nowMs);
    if (balance !== undefined) this.account.balance = balance;
    if (usage !== undefined) this.account.usage = usage;
    if (limit !== undefined) {
      this.#limit = limit;
      this.#watch = limit && new LimitWatch(limit);
    }
    const told = Object.entries(settings).filter(([, value]) => value !== undefined);
    Object.assign(this.settings, Object.fromEntries(told));
  }

  get limitReport(): LimitReport | null {
    return this.#watch?.report() ?? null;
  }

  describe(): Record<string, unknown> {
    const { balance, usage } = this.account;
    return { ...this.settings, balance, usage, rules: this.#rules.list(), limit: this.limitReport };
  }

  /** What is put on a call that arrived at `nowMs`: by a rule, else by its key, the limit or the account. */
  ruleFor({ record: { path, model }, body, authorization, nowMs }: Omit<FakeCall, "state">): Rule | null {
    const isChat = path === "/chat/completions";
    const isWithin = !isChat || (this.#watch?.take(nowMs) ?? true);
    const fits = (rule: Rule) =>
      fitsPath(rule, isChat) && (rule.model ?? model) === model && fitsPrompt(rule, body);
    return this.#rules.take(fits, nowMs) ?? this.#ownRule({ isChat, isWithin, authorization });
  }

  #ownRule(call: { isChat: boolean; isWithin: boolean; authorization: string }): FaultRule | null {
    if (this.settings.checksKey && !isKnownKey(call.authorization)) return { fault: "key-invalid" };
    if (this.#limit?.enforces && !call.isWithin) return refusal(this.#limit);
    return call.isChat && this.account.isEmpty ? { fault: "credits-exhausted" } : null;
  }
}

function fitsPath(rule: Rule, isChat: boolean): boolean {
  const isEverywhere = "fault" in rule && everywhere.includes(rule.fault);
  const on = rule.on ?? (isEverywhere ? "all" : "chat");
  return on === "all" || (on === "chat") === isChat;
}

function fitsPrompt({ prompt }: Rule, body: unknown): boolean {
  if (prompt === undefined) return true;
  const request = chatRequestSchema.safeParse(body).data;
  return request !== undefined && promptText(request).includes(prompt);
}

function isKnownKey(authorization: string): boolean {
  return [fakeOpenRouterKey, fakeManagementKey].some((key) => authorization === `Bearer ${key}`);
}

function refusal({ requests, intervalMs }: WatchedLimit): FaultRule {
  const retryAfterSeconds = Math.max(1, Math.ceil(intervalMs / requests / 1000));
  return { fault: "rate-limit", retryAfterSeconds, rateLimit: requests, resetInMs: intervalMs };
}
