import { useSyncExternalStore } from "react";

type Ticker = {
  now: number;
  /** The same function each time: another one would be subscribed anew at every render. */
  subscribe: (listener: () => void) => () => void;
};

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const kept = tickers.get(everyMs);
  if (kept) return kept;
  const ticker = createTicker(everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

function createTicker(everyMs: number): Ticker {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = () => {
    if (document.hidden) return;
    ticker.now = Date.now();
    for (const listener of listeners) listener();
  };
  const ticker: Ticker = {
    now: Date.now(),
    subscribe: (listener) => {
      listeners.add(listener);
      if (timer === null) {
        ticker.now = Date.now();
        timer = setInterval(tick, everyMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
  return ticker;
}

/** The time, epoch ms, every `everyMs`. All who ask for the same rhythm share one timer; a hidden page stands still. */
export function useNow(everyMs = 1000): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(ticker.subscribe, () => ticker.now);
}
