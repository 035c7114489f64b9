import type { FaultRule, Rule } from "./control.ts";
import type { FakeState } from "./fake-state.ts";
import type { RequestRecord } from "./request-log.ts";

/** One call of the API, as it arrived. */
export type FakeCall = {
  record: RequestRecord;
  /** Undefined: none, or no JSON. */
  body: unknown;
  authorization: string;
  state: FakeState;
  /** Its arrival on the fake's clock. */
  nowMs: number;
};

/** Takes the rule for the call, and notes its fault in the record. */
export function takeRule({ state, ...call }: FakeCall): Rule | null {
  const rule = state.ruleFor(call);
  if (rule && "fault" in rule) call.record.fault = rule.fault;
  return rule;
}

export function faultIn(rule: Rule | null): FaultRule | null {
  return rule && "fault" in rule ? rule : null;
}
