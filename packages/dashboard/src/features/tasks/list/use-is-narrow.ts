import { useSyncExternalStore } from "react";

const narrow = "(max-width: 639px)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(narrow);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Whether there is no room for columns. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(narrow).matches);
}
