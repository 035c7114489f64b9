import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTaskNews } from "../../lib/live/use-live.ts";

/** The groups are read anew this long after a task died or came back, however many did meanwhile. */
const settleMs = 700;

export function useFreshGroups(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useTaskNews((news) => {
    if (timer.current !== undefined || !news.some(({ from, to }) => from === "DLQ" || to === "DLQ")) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ["queues", "dead-letters"] });
    }, settleMs);
  });
}
