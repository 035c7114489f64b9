import { useNavigate } from "@tanstack/react-router";
import type { TaskDetail } from "@workstream/core";
import { Ban, ChevronLeft, ChevronRight, CopyPlus, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { useRetryTask } from "../../lib/task-actions.ts";
import { isRetryable, isTerminal } from "../../lib/task-ends.ts";
import type { TaskListAddress } from "../../lib/task-neighbours.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { errorText } from "../../ui/error-state.tsx";
import { notify } from "../../ui/notify.ts";
import { CopyCurl } from "./copy-curl.tsx";
import { TaskQuestions } from "./task-questions.tsx";
import { useNeighbours } from "./use-neighbours.ts";
import { useTaskKeys } from "./use-task-keys.ts";

type TaskActionsProps = { task: TaskDetail; address: TaskListAddress; isDeleted: boolean };

export function TaskActions({ task, address, isDeleted }: TaskActionsProps) {
  const navigate = useNavigate();
  const mayManage = useMayOperate() && !isDeleted;
  const [question, setQuestion] = useState<"cancel" | "delete" | null>(null);
  const { previousId, nextId } = useNeighbours(address, task);
  const retry = useRetryTask();
  const mayRetry = mayManage && isRetryable(task.state) && !retry.isPending;
  const mayCancel = mayManage && !isTerminal(task.state);

  const open = (taskId: string | null) => {
    if (taskId !== null) void navigate({ to: "/tasks/$taskId", params: { taskId }, search: address });
  };
  const runAgain = () => {
    retry.mutate(task.task_id, {
      onError: (error) => notify({ kind: "error", text: "Not retried", detail: errorText(error) }),
    });
  };
  useTaskKeys({
    j: () => open(nextId),
    k: () => open(previousId),
    r: () => mayRetry && runAgain(),
    c: () => mayCancel && setQuestion("cancel"),
  });

  return (
    <>
      {isRetryable(task.state) && (
        <Button tone="primary" size="sm" disabled={!mayRetry} onClick={runAgain}>
          <RotateCcw /> Retry
        </Button>
      )}
      {!isTerminal(task.state) && (
        <Button size="sm" disabled={!mayCancel} onClick={() => setQuestion("cancel")}>
          <Ban /> Cancel
        </Button>
      )}
      <Button
        size="sm"
        onClick={() => void navigate({ to: "/new", search: { type: task.task_type, from: task.task_id } })}
        title="A new task of this type, with this input to change"
      >
        <CopyPlus /> Run again…
      </Button>
      <CopyCurl task={task} />
      <Button
        tone="danger"
        size="iconSm"
        aria-label="Delete this task"
        title="Delete"
        disabled={!mayManage}
        onClick={() => setQuestion("delete")}
      >
        <Trash2 />
      </Button>
      <fieldset aria-label="Other tasks" className="flex">
        <StepButton label="Previous task (k)" id={previousId} onOpen={open} className="rounded-r-none">
          <ChevronLeft />
        </StepButton>
        <StepButton label="Next task (j)" id={nextId} onOpen={open} className="-ml-px rounded-l-none">
          <ChevronRight />
        </StepButton>
      </fieldset>
      <TaskQuestions
        task={task}
        question={question}
        onClose={() => setQuestion(null)}
        onDeleted={() => (nextId === null ? void navigate({ to: "/tasks", search: address }) : open(nextId))}
      />
    </>
  );
}

type StepButtonProps = {
  label: string;
  id: string | null;
  onOpen: (id: string | null) => void;
  className: string;
  children: React.ReactNode;
};

function StepButton({ label, id, onOpen, className, children }: StepButtonProps) {
  return (
    <Button
      size="iconSm"
      className={className}
      aria-label={label}
      title={label}
      disabled={id === null}
      onClick={() => onOpen(id)}
    >
      {children}
    </Button>
  );
}
