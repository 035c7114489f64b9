import type { ServiceGuard } from "./service-guard.ts";
import type { TurnAdmission, TurnTicket } from "./turn-ticket.ts";

/**
 * What becomes of a ticket; an aborted signal withdraws it.
 * @throws the signal's reason; then nobody holds the turn any more
 */
export async function admissionOf(
  guard: Pick<ServiceGuard, "giveBack">,
  ticket: TurnTicket,
  signal: AbortSignal,
): Promise<TurnAdmission> {
  const withdraw = () => ticket.withdraw(signal.reason);
  if (signal.aborted) withdraw();
  else signal.addEventListener("abort", withdraw, { once: true });
  try {
    const admission = await ticket.answer;
    if (!signal.aborted) return admission;
    if (admission.kind === "granted") guard.giveBack(admission.place);
    throw signal.reason;
  } finally {
    signal.removeEventListener("abort", withdraw);
  }
}
