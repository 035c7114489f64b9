/** Notices in the corner: what was done, or why not. The library that shows them is fetched with the first one. */

export type Notice = { kind: "success" | "error" | "message"; text: string; detail?: string };
type Listener = (notice: Notice) => void;

let listener: Listener | null = null;
const waiting: Notice[] = [];

export function notify(notice: Notice): void {
  if (listener === null) waiting.push(notice);
  else listener(notice);
}

/** Whoever shows them; those that came before are handed over at once. */
export function onNotice(next: Listener): () => void {
  listener = next;
  for (const notice of waiting.splice(0)) next(notice);
  return () => {
    listener = null;
  };
}
