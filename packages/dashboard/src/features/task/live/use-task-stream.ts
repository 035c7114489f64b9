import { useQueryClient } from "@tanstack/react-query";
import type { StreamState } from "@workstream/client";
import { useEffect, useState } from "react";
import { client } from "../../../lib/client.ts";
import { preferences, subscribeToPreferences } from "../../../lib/preferences.ts";
import { taskQueries } from "../../../lib/queries/task-queries.ts";
import { explanationQuery } from "../task-screen-queries.ts";
import { OutputFeed } from "./output-feed.ts";
import { type LiveTaskEvent, parseTaskEvent } from "./task-event.ts";

export type TaskStream = {
  output: OutputFeed;
  /** Null while there is none: the task has ended. */
  connection: StreamState | "paused" | null;
  deletedAt: string | null;
};

/**
 * Follows a task until it ends. Progress and states go to the query cache, once a frame; what it writes to `output`.
 * The stream rests while the page is hidden or its user paused it, and goes on where it left off.
 */
export function useTaskStream(taskId: string, isFollowed: boolean): TaskStream {
  const queries = useQueryClient();
  const [output, setOutput] = useState(() => new OutputFeed());
  const [connection, setConnection] = useState<TaskStream["connection"]>(null);
  const [deletedAt, setDeletedAt] = useState<string | null>(null);

  useEffect(() => {
    if (!isFollowed) return;
    const feed = new OutputFeed();
    setOutput(feed);
    setDeletedAt(null);
    const takeUpdates = perFrame<LiveTaskEvent>((events) => {
      const progress = events.findLast((event) => event.type === "progress");
      const { queryKey } = taskQueries.detail(taskId);
      if (progress) {
        queries.setQueryData(queryKey, (task) => task && { ...task, progress: progress.progress });
      }
      if (!events.some((event) => event.type === "state" || event.type === "end")) return;
      void queries.invalidateQueries({ queryKey });
      void queries.invalidateQueries({ queryKey: explanationQuery(taskId).queryKey });
    });

    const take = (event: LiveTaskEvent) => {
      if (event.type === "output") feed.append(event.text);
      else if (event.type === "reset") feed.reset(event.text);
      else if (event.type === "deleted") setDeletedAt(event.timestamp);
      else takeUpdates.push(event);
    };
    const subscription = client.taskEvents(taskId, {
      onEvent: (value) => {
        const event = parseTaskEvent(value);
        if (event) take(event);
      },
      onState: ({ state }) => setConnection(mayRun() ? state : "paused"),
    });
    const rest = () => {
      if (mayRun()) return subscription.resume();
      subscription.pause();
      setConnection("paused");
    };
    document.addEventListener("visibilitychange", rest);
    const unsubscribe = subscribeToPreferences(rest);
    if (!mayRun()) rest();
    return () => {
      document.removeEventListener("visibilitychange", rest);
      unsubscribe();
      subscription.close();
      takeUpdates.cancel();
      setConnection(null);
    };
  }, [taskId, isFollowed, queries]);

  return { output, connection, deletedAt };
}

function mayRun(): boolean {
  return preferences().isLive && !document.hidden;
}

/** Hands over what was pushed since the last frame. */
function perFrame<T>(take: (items: readonly T[]) => void) {
  let items: T[] = [];
  let frame: number | null = null;
  return {
    push(item: T): void {
      items.push(item);
      frame ??= requestAnimationFrame(() => {
        frame = null;
        take(items.splice(0));
      });
    },
    cancel(): void {
      if (frame !== null) cancelAnimationFrame(frame);
      items = [];
    },
  };
}
