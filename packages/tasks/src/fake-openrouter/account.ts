/** The key's money: what is left of its limit, and what was spent. */
export class Account {
  /** Null: the key has no limit. */
  balance: number | null;
  usage: number;
  #freeCalls = 0;

  constructor({ balance, usage }: { balance: number | null; usage: number }) {
    this.balance = balance;
    this.usage = usage;
  }

  get isEmpty(): boolean {
    return this.balance !== null && this.balance <= 0;
  }

  pay(cost: number, model: string): void {
    this.usage += cost;
    if (this.balance !== null) this.balance -= cost;
    if (model.endsWith(":free")) this.#freeCalls += 1;
  }

  /** The answer to `GET /key`. */
  keyFacts(): unknown {
    const { balance, usage } = this;
    const freeLimit = 1_000;
    return {
      data: {
        label: "fake key",
        limit: balance === null ? null : balance + usage,
        limit_remaining: balance,
        limit_reset: null,
        usage,
        usage_daily: usage,
        usage_weekly: usage,
        usage_monthly: usage,
        is_free_tier: false,
        free_model_daily_requests: {
          limit: freeLimit,
          used: this.#freeCalls,
          remaining: Math.max(0, freeLimit - this.#freeCalls),
        },
        expires_at: null,
      },
    };
  }

  /** The answer to `GET /credits`, for a management key. */
  creditFacts(): unknown {
    return { data: { total_credits: (this.balance ?? 0) + this.usage, total_usage: this.usage } };
  }
}
