import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import { queryClient } from "../query-client.ts";
import { type Connection, LiveFeed, liveStatusQuery } from "./live-feed.ts";
import type { TaskNews } from "./live-state.ts";

/** The page's one stream; main.tsx starts it. */
export const liveFeed = new LiveFeed(queryClient);

/** Depths and counts, as they change. */
export function useLiveStatus() {
  return useQuery(liveStatusQuery);
}

/** With the instant of the last event: it changes with every batch of them. */
export function useConnection(): Connection {
  return useSyncExternalStore(liveFeed.subscribeToConnection, liveFeed.connection);
}

export function useConnectionState(): Connection["state"] {
  return useSyncExternalStore(liveFeed.subscribeToConnection, () => liveFeed.connection().state);
}

/** Whether what the page shows is what is: false while the stream is cut, paused or not there yet. */
export function useIsLive(): boolean {
  return useConnectionState() === "open";
}

/** When the last event came, epoch ms, while no more come; null while the stream is open or none ever came. */
export function useSilentSince(): number | null {
  return useSyncExternalStore(liveFeed.subscribeToConnection, () => {
    const { state, heardAt } = liveFeed.connection();
    return state === "open" ? null : heardAt;
  });
}

/** Calls back with news of tasks, at most once a frame. */
export function useTaskNews(onNews: (news: readonly TaskNews[]) => void): void {
  const handle = useEffectEvent(onNews);
  useEffect(() => liveFeed.subscribeToTasks((news) => handle(news)), []);
}
