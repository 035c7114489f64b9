import type { IncomingMessage } from "node:http";
import { controlSchema, type ParsedControl } from "./control.ts";
import type { LimitReport } from "./limit-watch.ts";
import { compactRows, type RequestRecord, requestColumns } from "./request-log.ts";

/** What the control routes steer. */
export interface Controlled {
  readonly requests: readonly RequestRecord[];
  readonly limitReport: LimitReport | null;
  apply(control: ParsedControl): void;
  clearRequests(): void;
  describe(): Record<string, unknown>;
}

export type ControlRequest = { request: IncomingMessage; path: string; body: unknown };
export type ControlAnswer = { status: number; body: unknown };

/**
 * `GET /control` (what it was told), `POST /control` (tell it more), `GET /control/requests` (what arrived; `?after=n`
 * leaves out up to number n), `DELETE /control/requests`.
 */
export function answerControl(fake: Controlled, { request, path, body }: ControlRequest): ControlAnswer {
  switch (`${request.method} ${path}`) {
    case "GET /control":
      return { status: 200, body: fake.describe() };
    case "POST /control":
      return tell(fake, body);
    case "GET /control/requests":
      return { status: 200, body: requestsAfter(fake, request.url ?? "") };
    case "DELETE /control/requests":
      fake.clearRequests();
      return { status: 200, body: fake.describe() };
    default:
      return { status: 404, body: { error: `There is no ${path}: there are /api/v1 and /control.` } };
  }
}

function tell(fake: Controlled, body: unknown): ControlAnswer {
  const control = controlSchema.safeParse(body);
  if (!control.success) return { status: 422, body: { error: control.error.issues } };
  fake.apply(control.data);
  return { status: 200, body: fake.describe() };
}

function requestsAfter(fake: Controlled, url: string): unknown {
  const after = Number(new URL(url, "http://fake").searchParams.get("after") ?? 0);
  const records = fake.requests.filter(({ number }) => number > after);
  return { columns: requestColumns, rows: compactRows(records), limit: fake.limitReport };
}
