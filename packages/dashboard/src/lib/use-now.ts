import { useSyncExternalStore } from "react";

type Ticker = { now: number; listeners: Set<() => void>; timer: ReturnType<typeof setInterval> | null };

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const kept = tickers.get(everyMs);
  if (kept) return kept;
  const ticker: Ticker = { now: Date.now(), listeners: new Set(), timer: null };
  tickers.set(everyMs, ticker);
  return ticker;
}

function tick(ticker: Ticker): void {
  if (document.hidden) return;
  ticker.now = Date.now();
  for (const listener of ticker.listeners) listener();
}

/** The time, epoch ms, every `everyMs`. All who ask for the same rhythm share one timer; a hidden page stands still. */
export function useNow(everyMs = 1000): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(
    (listener) => {
      ticker.listeners.add(listener);
      if (ticker.timer === null) {
        ticker.now = Date.now();
        ticker.timer = setInterval(() => tick(ticker), everyMs);
      }
      return () => {
        ticker.listeners.delete(listener);
        if (ticker.listeners.size > 0 || ticker.timer === null) return;
        clearInterval(ticker.timer);
        ticker.timer = null;
      };
    },
    () => ticker.now,
  );
}
