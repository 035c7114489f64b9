/** The gateway numbers the events of its queue stream `{boot}-{n}`; a private first event bears the number of the last. */
const idPattern = /^(.+)-(\d{1,15})$/;

export type GapWatch = (event: unknown, id: string | null) => boolean;

/**
 * Tells of each event whether something before it was missed: the server started over, its numbers jump, or they are
 * those of another gateway.
 *
 * @param lastEventId where the stream is to go on; null for one that begins
 */
export function createGapWatch(lastEventId: string | null): GapWatch {
  let hasBegun = lastEventId !== null;
  let last = parseId(lastEventId);
  return (event, id) => {
    const type = typeOf(event);
    const before = last;
    last = parseId(id) ?? last;
    // The server says that it lost its store, which moves its numbers; when it is back it starts over.
    if (type === "error") return false;
    if (type !== "initial_status") return !follows(before, last);
    const isRestart = hasBegun;
    hasBegun = true;
    return isRestart;
  };
}

type EventId = { boot: string; number: number };

function parseId(id: string | null): EventId | null {
  const [, boot, digits] = idPattern.exec(id ?? "") ?? [];
  return boot === undefined ? null : { boot, number: Number(digits) };
}

function follows(before: EventId | null, next: EventId | null): boolean {
  if (before === null || next === null) return true;
  return next.boot === before.boot && (next.number === before.number || next.number === before.number + 1);
}

export function typeOf(event: unknown): unknown {
  return typeof event === "object" && event !== null && "type" in event ? event.type : null;
}
