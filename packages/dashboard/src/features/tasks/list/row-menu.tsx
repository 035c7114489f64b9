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

type RowMenuProps = { task: TaskRowData; isCurrent: boolean };

/** The menu itself is made when its button is first pressed: rows that scroll by carry only the button. */
export function RowMenu({ task, isCurrent }: RowMenuProps) {
  const [isMade, setMade] = useState(false);
  if (task.isGone) return null;
  if (isMade) return <MadeMenu task={task} isCurrent={isCurrent} />;
  return <MenuButton task={task} isCurrent={isCurrent} aria-haspopup="menu" onClick={() => setMade(true)} />;
}

function MenuButton({ task, isCurrent, ...props }: RowMenuProps & React.ComponentProps<typeof Button>) {
  return (
    <Button
      size="iconSm"
      tone="ghost"
      tabIndex={isCurrent ? 0 : -1}
      aria-label={`Actions for ${task.task_id}`}
      {...props}
    >
      <Ellipsis />
    </Button>
  );
}

function MadeMenu({ task, isCurrent }: RowMenuProps) {
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
      <Menu isOpen={isOpen} onOpenChange={setOpen} trigger={<MenuButton task={task} isCurrent={isCurrent} />}>
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
