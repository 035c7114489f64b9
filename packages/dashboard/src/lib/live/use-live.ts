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

export function useConnection(): Connection {
  return useSyncExternalStore(liveFeed.subscribeToConnection, liveFeed.connection);
}

/** Whether what the page shows is what is: false while the stream is cut, paused or not there yet. */
export function useIsLive(): boolean {
  return useConnection().state === "open";
}

/** Calls back with news of tasks, at most once a frame. */
export function useTaskNews(onNews: (news: readonly TaskNews[]) => void): void {
  const handle = useEffectEvent(onNews);
  useEffect(() => liveFeed.subscribeToTasks((news) => handle(news)), []);
}
