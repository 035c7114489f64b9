/** Tells whoever asks for the key that the gateway wants one. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let isWanted = false;

function change(next: boolean): void {
  if (isWanted === next) return;
  isWanted = next;
  for (const listener of listeners) listener();
}

export function announceUnauthorized(): void {
  change(true);
}

export function clearUnauthorized(): void {
  change(false);
}

export function useUnauthorized(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isWanted,
  );
}
