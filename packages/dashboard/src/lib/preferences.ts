/** What this browser's user chose. Kept in localStorage; first-paint.js reads theme and density before the first paint. */
import { useSyncExternalStore } from "react";

export type Preferences = {
  theme: "system" | "light" | "dark";
  density: "comfortable" | "compact";
  /** An IANA name, `local` for the browser's zone, or `UTC`. */
  timeZone: string;
  /** Live updates are applied; off: the page stands still until it is turned on again. */
  isLive: boolean;
};

const storageKey = "workstream.preferences";
const defaults: Preferences = { theme: "system", density: "comfortable", timeZone: "local", isLive: true };

const listeners = new Set<() => void>();
let current: Preferences = read();

function read(): Preferences {
  try {
    return { ...defaults, ...JSON.parse(localStorage.getItem(storageKey) ?? "{}") };
  } catch {
    return defaults;
  }
}

export function preferences(): Preferences {
  return current;
}

export function changePreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // Storage may be blocked: then the choice lasts as long as the page.
  }
  applyLook();
  for (const listener of listeners) listener();
}

export function subscribeToPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribeToPreferences, preferences);
}

const systemDark = globalThis.matchMedia?.("(prefers-color-scheme: dark)");

export function isDark({ theme }: Preferences = current): boolean {
  return theme === "dark" || (theme === "system" && Boolean(systemDark?.matches));
}

export function applyLook(): void {
  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  document.documentElement.dataset.density = current.density;
}

/** Follows the system's theme, and what another tab chose. Answers how to stop. */
export function followLook(): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key !== storageKey) return;
    current = read();
    applyLook();
    for (const listener of listeners) listener();
  };
  systemDark?.addEventListener("change", applyLook);
  window.addEventListener("storage", onStorage);
  return () => {
    systemDark?.removeEventListener("change", applyLook);
    window.removeEventListener("storage", onStorage);
  };
}
