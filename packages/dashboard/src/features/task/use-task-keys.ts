import { useEffect, useEffectEvent } from "react";

type Keys = Record<"j" | "k" | "r" | "c", () => void>;

/** Keys of this screen, everywhere but where someone types or a dialog is open. */
export function useTaskKeys(keys: Keys): void {
  const act = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || event.repeat || isTaken(event.target)) return;
    if (!isKey(event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => act(event);
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isKey(key: string): key is keyof Keys {
  return ["j", "k", "r", "c"].includes(key);
}

const taking = "input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=alertdialog]";

function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(taking) !== null;
}
