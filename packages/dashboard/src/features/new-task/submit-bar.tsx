import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { curlOf, type TaskRequestParts } from "../../lib/task-curl.ts";
import { useMaySubmit } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { errorText } from "../../ui/error-state.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import type { FormFault } from "./form/form-values.ts";
import type { NewTask } from "./use-new-task.ts";

type SubmitBarProps = {
  task: NewTask;
  label: string;
  /** What would be sent. */
  request: () => TaskRequestParts;
  faults: readonly FormFault[];
};

/** The button that sends, what stands in its way, and the same as a line for a shell. */
export function SubmitBar({ task, label, request, faults }: SubmitBarProps) {
  const maySubmit = useMaySubmit();
  const { data: gateway } = useQuery(fleetQueries.gateway);
  return (
    <div className="flex flex-col gap-3">
      <Refusal task={task} faults={faults} />
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" tone="primary" disabled={!maySubmit || task.isSending}>
          {task.isSending ? "Sending…" : label}
        </Button>
        <CopyButton
          text={() => curlOf(request(), { origin: location.origin, wantsKey: gateway?.auth === "keys" })}
          label="Copy the request that would be sent"
        >
          Copy as curl
        </CopyButton>
        <span className="ml-auto hidden items-center gap-1 text-xs text-faint sm:flex">
          <Kbd>Ctrl</Kbd>
          <Kbd>Enter</Kbd> sends it
        </span>
      </div>
    </div>
  );
}

function Refusal({ task, faults }: Pick<SubmitBarProps, "task" | "faults">) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (faults.length === 0) return;
    note.current?.closest("form")?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [faults]);
  const isLocal = task.error === null && faults.length > 0;
  return (
    <div ref={note} role="alert" className="text-sm text-danger empty:hidden">
      {isLocal && (
        <p>
          {faults.length === 1
            ? "One field needs another look."
            : `${faults.length} fields need another look.`}
        </p>
      )}
      {task.error !== null && <p>{errorText(task.error)}</p>}
      {task.isStopped && (
        <p className="text-soft">Stopped. Nothing was created, unless the last byte had left.</p>
      )}
    </div>
  );
}
