import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { destinations } from "./navigation.ts";

type Handlers = { onPalette: () => void; onSheet: () => void };

/** How long the first key of a pair waits for the second. */
const pairMs = 1_200;

/** Keys that work everywhere but where someone types. */
export function useShortcuts({ onPalette, onSheet }: Handlers): void {
  const navigate = useNavigate();
  const act = useEffectEvent((keys: string): boolean => {
    const destination = destinations.find((candidate) => candidate.keys === keys);
    if (destination) void navigate({ to: destination.to });
    else if (keys === "n") void navigate({ to: "/new" });
    else if (keys === "?") onSheet();
    else return false;
    return true;
  });
  const openPalette = useEffectEvent(onPalette);

  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
      const isPair = first !== null && event.timeStamp - first.at < pairMs;
      const keys = isPair && first ? `${first.key} ${event.key}` : event.key;
      first = !isPair && event.key === "g" ? { key: "g", at: event.timeStamp } : null;
      if (act(keys)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** Also while a dialog or a menu is open: its keys are its own. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.closest(
      "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=alertdialog]",
    ) !== null
  );
}
