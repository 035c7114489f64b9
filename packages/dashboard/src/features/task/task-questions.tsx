import type { TaskDetail } from "@workstream/core";
import { useCancelTask, useDeleteTask } from "../../lib/task-actions.ts";
import { isTerminal } from "../../lib/task-ends.ts";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { notify } from "../../ui/notify.ts";

type TaskQuestionsProps = {
  task: TaskDetail;
  question: "cancel" | "delete" | null;
  onClose: () => void;
  onDeleted: () => void;
};

/** Asked before a task is cancelled or deleted. */
export function TaskQuestions({ task, question, onClose, onDeleted }: TaskQuestionsProps) {
  const cancel = useCancelTask();
  const remove = useDeleteTask();
  const onOpenChange = (isOpen: boolean) => {
    if (!isOpen) onClose();
  };
  return (
    <>
      <ConfirmDialog
        isOpen={question === "cancel"}
        onOpenChange={onOpenChange}
        title="Cancel this task?"
        description={
          task.state === "ACTIVE"
            ? "The attempt that runs is told to stop, and its result counts no longer. You can retry it later."
            : "It will not run. You can retry it later."
        }
        confirmLabel="Cancel the task"
        onConfirm={() => cancel.mutateAsync(task.task_id)}
      />
      <ConfirmDialog
        isOpen={question === "delete"}
        onOpenChange={onOpenChange}
        title="Delete this task?"
        description={
          isTerminal(task.state)
            ? "Its input, its result and its history go with it. This can't be undone."
            : "It is stopped, and its input and its history go with it. This can't be undone."
        }
        confirmLabel="Delete the task"
        onConfirm={async () => {
          await remove.mutateAsync(task.task_id);
          notify({ kind: "success", text: "The task is deleted" });
          onDeleted();
        }}
      />
    </>
  );
}
