import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TaskDetail } from "@workstream/core";
import { formatDuration } from "../../lib/format/durations.ts";
import { shortTaskId } from "../../lib/format/task-id.ts";
import { isTerminal } from "../../lib/task-ends.ts";
import type { TaskListAddress } from "../../lib/task-neighbours.ts";
import { useNow } from "../../lib/use-now.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Dot } from "../../ui/dot.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import type { TaskStream } from "./live/use-task-stream.ts";
import { TaskActions } from "./task-actions.tsx";
import { explanationQuery } from "./task-screen-queries.ts";
import { sentenceOf, type TaskSentence } from "./task-sentence.ts";

type TaskHeaderProps = {
  task: TaskDetail;
  address: TaskListAddress;
  isDeleted: boolean;
  connection: TaskStream["connection"];
};

export function TaskHeader({ task, address, isDeleted, connection }: TaskHeaderProps) {
  const isWaiting = !isDeleted && !isTerminal(task.state);
  const { data: explanation } = useQuery({ ...explanationQuery(task.task_id), enabled: isWaiting });
  const { text, untilAt } = isDeleted ? deletedSentence : sentenceOf(task, explanation);
  const short = shortTaskId(task.task_id);
  return (
    <PageHeader
      documentTitle={`${task.task_type} ${short}`}
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link to="/tasks" search={{ q: `type:${task.task_type}` }} className="hover:underline">
            {task.task_type}
          </Link>
          <span className="flex items-center gap-1">
            <code className="text-base font-normal text-faint" title={task.task_id}>
              {short}
            </code>
            <CopyButton text={task.task_id} label="Copy the whole id" />
          </span>
        </span>
      }
      summary={
        <>
          <div role="status" className="flex items-start gap-2.5 leading-relaxed">
            {isDeleted ? <Badge>Deleted</Badge> : <StateBadge state={task.state} />}
            <p className="min-w-0 break-words [&>*]:mr-2.5">
              <span>{text}</span>
              {isWaiting && untilAt !== null && <Countdown untilAt={untilAt} />}
              {isWaiting && <StreamState connection={connection} />}
            </p>
          </div>
          <div className="mt-3 flex flex-wrap items-center gap-2">
            <TaskActions task={task} address={address} isDeleted={isDeleted} />
          </div>
        </>
      }
    />
  );
}

const deletedSentence: TaskSentence = { text: "It is there no longer.", untilAt: null };

/** Not read out: it would be every second. */
function Countdown({ untilAt }: { untilAt: number }) {
  const leftMs = untilAt - useNow(1_000);
  return (
    <span aria-live="off" className="tabular font-medium text-scheduled-fg">
      {leftMs > 0 ? `in ${formatDuration(Math.ceil(leftMs / 1_000) * 1_000)}` : "any moment now"}
    </span>
  );
}

const streamWords: Record<NonNullable<TaskStream["connection"]>, string> = {
  open: "Followed live",
  connecting: "Connecting…",
  waiting: "Not live: connecting again",
  paused: "Not live: paused",
  closed: "Not live",
};

function StreamState({ connection }: { connection: TaskStream["connection"] }) {
  if (connection === null) return null;
  const isOpen = connection === "open";
  return (
    <span className="inline-flex items-center gap-1.5 text-xs text-faint">
      <Dot className={isOpen ? "bg-completed" : "bg-failed"} />
      {streamWords[connection]}
    </span>
  );
}
