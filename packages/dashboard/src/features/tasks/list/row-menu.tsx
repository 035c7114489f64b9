import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useCancelTask, useDeleteTask, useRetryTask } from "../../../lib/task-actions.ts";
import { Button } from "../../../ui/button.tsx";
import { ConfirmDialog } from "../../../ui/confirm-dialog.tsx";
import { errorText } from "../../../ui/error-state.tsx";
import { Menu, MenuItem, MenuSeparator } from "../../../ui/menu.tsx";
import { notify } from "../../../ui/notify.ts";
import { actionsFor } from "../selection/selection.ts";
import type { TaskRowData } from "./task-row-data.ts";

/** Made when its button is first pressed, and then open. */
export function RowMenu({ task }: { task: TaskRowData }) {
  const [isOpen, setOpen] = useState(true);
  const [isDeleting, setDeleting] = useState(false);
  const retry = useRetryTask();
  const cancel = useCancelTask();
  const remove = useDeleteTask();
  const actions = actionsFor([task.state]);
  const act = (does: Promise<unknown>, done: string) =>
    void does.then(
      () => notify({ kind: "success", text: done }),
      (error: unknown) => notify({ kind: "error", text: "That was refused.", detail: errorText(error) }),
    );
  return (
    <>
      <Menu
        isOpen={isOpen}
        onOpenChange={setOpen}
        trigger={
          <Button size="iconSm" tone="ghost" aria-label={`Actions for ${task.task_id}`}>
            <Ellipsis />
          </Button>
        }
      >
        {actions.includes("retry") && (
          <MenuItem onSelect={() => act(retry.mutateAsync(task.task_id), "It waits to run again.")}>
            Retry
          </MenuItem>
        )}
        {actions.includes("cancel") && (
          <MenuItem onSelect={() => act(cancel.mutateAsync(task.task_id), "It is cancelled.")}>
            Cancel
          </MenuItem>
        )}
        <MenuItem onSelect={() => void navigator.clipboard.writeText(task.task_id).catch(() => {})}>
          Copy the id
        </MenuItem>
        <MenuSeparator />
        <MenuItem isDangerous onSelect={() => setDeleting(true)}>
          Delete…
        </MenuItem>
      </Menu>
      <ConfirmDialog
        isOpen={isDeleting}
        onOpenChange={setDeleting}
        title="Delete this task?"
        description={`The input, result and history of ${task.task_id} are removed for good.`}
        confirmLabel="Delete"
        onConfirm={() => remove.mutateAsync(task.task_id)}
      />
    </>
  );
}
