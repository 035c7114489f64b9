import type { Rule } from "./control.ts";

type Entry = { rule: Rule; left: number; endsAtMs: number; carry: number };

/** The rules in force, oldest first. */
export class RuleBook {
  #entries: Entry[] = [];

  /** @param nowMs monotonic */
  add(rules: readonly Rule[], nowMs: number): void {
    for (const rule of rules) {
      const endsAtMs = rule.forMs === undefined ? Number.POSITIVE_INFINITY : nowMs + rule.forMs;
      this.#entries.push({ rule, left: rule.next ?? Number.POSITIVE_INFINITY, endsAtMs, carry: 0 });
    }
  }

  clear(): void {
    this.#entries = [];
  }

  list(): Rule[] {
    return this.#entries.map(({ rule }) => rule);
  }

  /** The rule for a call, which is thereby used once; null: it is answered well. */
  take(fits: (rule: Rule) => boolean, nowMs: number): Rule | null {
    this.#entries = this.#entries.filter(({ endsAtMs }) => endsAtMs > nowMs);
    const entry = this.#entries.find((candidate) => fits(candidate.rule) && isItsTurn(candidate));
    if (entry === undefined) return null;
    entry.left -= 1;
    if (entry.left <= 0) this.#entries = this.#entries.filter((other) => other !== entry);
    return entry.rule;
  }
}

/** Evenly, without chance: shares are carried until they make a whole call. */
function isItsTurn(entry: Entry): boolean {
  entry.carry += entry.rule.share ?? 1;
  if (entry.carry < 1 - 1e-9) return false;
  entry.carry -= 1;
  return true;
}
