import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { QueueOverviews } from "@workstream/core";
import { client } from "../../lib/client.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { errorText } from "../../ui/error-state.tsx";
import { notify } from "../../ui/notify.ts";

type Wanted = { queue: string; paused: boolean };

/** Shown at once, taken back when it is refused. */
export function usePauseQueue() {
  const queries = useQueryClient();
  const { queryKey } = fleetQueries.queues;
  return useMutation({
    mutationFn: ({ queue, paused }: Wanted) =>
      paused ? client.queues.pause(queue) : client.queues.resume(queue),
    onMutate: async (wanted) => {
      await queries.cancelQueries({ queryKey });
      const before = queries.getQueryData(queryKey);
      if (before) queries.setQueryData(queryKey, withPause(before, wanted));
      return { before };
    },
    onError: (error, { queue, paused }, kept) => {
      if (kept?.before) queries.setQueryData(queryKey, kept.before);
      const text = `${queue} could not be ${paused ? "paused" : "resumed"}`;
      notify({ kind: "error", text, detail: errorText(error) });
    },
    onSuccess: ({ message }) => notify({ kind: "success", text: message }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["queues"] }),
  });
}

/** The retries of primary are paused with it. */
function withPause(overviews: QueueOverviews, { queue, paused }: Wanted): QueueOverviews {
  const isMeant = (name: string) => name === queue || (queue === "primary" && name === "retry");
  return {
    ...overviews,
    queues: overviews.queues.map((one) => (isMeant(one.queue) ? { ...one, paused } : one)),
  };
}
