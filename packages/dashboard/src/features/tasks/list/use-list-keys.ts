import { type RefObject, useEffect, useEffectEvent } from "react";

export type ListKeys = {
  onSearch: () => void;
  /** By so many rows. */
  onMove: (by: number) => void;
  onEnd: (end: "first" | "last") => void;
  onSelect: (isStretch: boolean) => void;
  onOpen: () => void;
  onEscape: () => void;
};

const elsewhere =
  "input:not([type=checkbox]), textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]";
const ownEnter = "a, button, input, summary";

/** Letters work wherever no one types; arrows and their like only in the grid, for elsewhere they scroll. */
export function useListKeys(grid: RefObject<HTMLElement | null>, keys: ListKeys, pageRows: number): void {
  const act = useEffectEvent((event: KeyboardEvent): boolean => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target?.closest(elsewhere)) return false;
    const isInGrid = target !== null && (grid.current?.contains(target) ?? false);
    switch (event.key) {
      case "/":
        return done(keys.onSearch());
      case "j":
        return done(keys.onMove(1));
      case "k":
        return done(keys.onMove(-1));
      case "x":
      case "X":
        return done(keys.onSelect(event.shiftKey));
      case "Enter":
        return target?.closest(ownEnter) ? false : done(keys.onOpen());
      case "Escape":
        return done(keys.onEscape());
      default:
        return isInGrid && moveInGrid(event.key, keys, pageRows);
    }
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (act(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

function moveInGrid(key: string, keys: ListKeys, pageRows: number): boolean {
  switch (key) {
    case "ArrowDown":
      return done(keys.onMove(1));
    case "ArrowUp":
      return done(keys.onMove(-1));
    case "PageDown":
      return done(keys.onMove(pageRows));
    case "PageUp":
      return done(keys.onMove(-pageRows));
    case "Home":
      return done(keys.onEnd("first"));
    case "End":
      return done(keys.onEnd("last"));
    default:
      return false;
  }
}

function done(_: unknown): true {
  return true;
}
