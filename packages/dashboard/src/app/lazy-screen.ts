import { type FunctionComponent, lazy } from "react";

/** How long after a failed fetch the next one is made. */
const retryMs = 2_000;

type Loader<Name extends string> = () => Promise<Record<Name, FunctionComponent>>;

const loaders = new Set<() => Promise<unknown>>();

/**
 * A screen whose script is fetched when it is first shown. While the gateway is away the fetch is made again until it
 * succeeds: the banner says why nothing comes, and a page that is reloaded meanwhile would be lost.
 */
export function lazyScreen<Name extends string>(load: Loader<Name>, name: Name): FunctionComponent {
  loaders.add(load);
  return lazy<FunctionComponent>(async () => ({ default: (await untilLoaded(load))[name] }));
}

async function untilLoaded<T>(load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

/** Fetches every screen once the first one stands, so that the others are there when the gateway is not. */
export function fetchScreensWhenIdle(): void {
  const fetchAll = async () => {
    for (const load of loaders) await load().catch(() => {});
  };
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void fetchAll(), { timeout: 5_000 });
  else setTimeout(() => void fetchAll(), 2_000);
}
