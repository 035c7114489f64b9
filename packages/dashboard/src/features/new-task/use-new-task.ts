import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { isClientError } from "@workstream/client";
import type { CreatedTask } from "@workstream/core";
import { useRef } from "react";
import type { FormFault } from "./form/form-values.ts";

type Send = (signal: AbortSignal) => Promise<CreatedTask>;

/** Sends a new task, and goes to it once it is accepted. */
export function useNewTask() {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const sending = useRef<AbortController | null>(null);
  const mutation = useMutation({
    mutationFn: (send: Send) => {
      sending.current = new AbortController();
      return send(sending.current.signal);
    },
    onSuccess: ({ task_id: taskId }) => {
      void queries.invalidateQueries({ queryKey: ["tasks"] });
      return navigate({ to: "/tasks/$taskId", params: { taskId } });
    },
  });
  const isStopped = isClientError(mutation.error) && mutation.error.kind === "aborted";
  return {
    send: mutation.mutate,
    isSending: mutation.isPending,
    stop: () => sending.current?.abort(),
    error: isStopped ? null : mutation.error,
    isStopped,
    /** What the gateway says of single fields. */
    faults: faultsOf(mutation.error),
  };
}

export type NewTask = ReturnType<typeof useNewTask>;

function faultsOf(error: unknown): readonly FormFault[] {
  return isClientError(error) ? error.errors : [];
}
