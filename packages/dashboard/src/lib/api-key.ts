/** The key of a gateway that wants one. It lives as long as the tab, or in this browser if its user says so. */
import { useSyncExternalStore } from "react";

const storageKey = "workstream.api-key";
const listeners = new Set<() => void>();
let current: string | null = read();

function read(): string | null {
  try {
    return sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export function apiKey(): string | null {
  return current;
}

export function changeApiKey(key: string | null, { isKept = false } = {}): void {
  current = key === "" ? null : key;
  try {
    sessionStorage.removeItem(storageKey);
    localStorage.removeItem(storageKey);
    if (current !== null) (isKept ? localStorage : sessionStorage).setItem(storageKey, current);
  } catch {
    // Storage may be blocked: then the key lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function subscribeToApiKey(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useApiKey(): string | null {
  return useSyncExternalStore(subscribeToApiKey, apiKey);
}
