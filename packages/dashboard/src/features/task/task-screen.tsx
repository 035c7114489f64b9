import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { isClientError } from "@workstream/client";
import type { TaskDetail } from "@workstream/core";
import { FileQuestion } from "lucide-react";
import { useMemo } from "react";
import { useTaskNews } from "../../lib/live/use-live.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { isTerminal } from "../../lib/task-ends.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorState } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { LoadingRows } from "../../ui/skeleton.tsx";
import { StaleNote } from "../../ui/stale-note.tsx";
import { Attempts } from "./attempts.tsx";
import { DeletedNote } from "./deleted-note.tsx";
import { StoppedAt } from "./elapsed.tsx";
import { LivePanel } from "./live/live-panel.tsx";
import { useTaskStream } from "./live/use-task-stream.ts";
import { TaskFacts } from "./task-facts.tsx";
import { TaskHeader } from "./task-header.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { InputPanel } from "./views/input-panel.tsx";
import { ResultPanel } from "./views/result-panel.tsx";
import { readResult } from "./views/stored-text.ts";

export function TaskScreen() {
  const { taskId } = useParams({ from: "/tasks/$taskId" });
  // A task of its own: nothing of the one before stays on the screen.
  return <OneTask key={taskId} taskId={taskId} />;
}

function OneTask({ taskId }: { taskId: string }) {
  const address = useSearch({ from: "/tasks/$taskId" });
  const query = useQuery(taskQueries.detail(taskId));
  const task = query.data;
  const isMissing = isClientError(query.error) && query.error.status === 404;
  const isFollowed = task !== undefined && !isMissing && !isTerminal(task.state);
  const stream = useTaskStream(taskId, isFollowed);
  useTaskNews((news) => {
    // A task that ended may be retried elsewhere: then it has no stream that would tell.
    if (!isFollowed && news.some((one) => one.taskId === taskId)) void query.refetch();
  });
  const result = useMemo(
    () => readResult(task?.task_type ?? "", task?.result ?? null),
    [task?.task_type, task?.result],
  );

  if (task === undefined) {
    return <NoTask taskId={taskId} isMissing={isMissing} query={query} />;
  }
  const isDeleted = isMissing || stream.deletedAt !== null;
  const isTroubled = task.error_history.length > 0 && task.state !== "COMPLETED";
  return (
    <StoppedAt value={isDeleted ? Date.parse(stream.deletedAt ?? task.updated_at) : null}>
      <TaskHeader task={task} address={address} isDeleted={isDeleted} connection={stream.connection} />
      {isDeleted && <DeletedNote at={stream.deletedAt} />}
      {!isDeleted && <StaleNote isStale={query.isError} since={query.dataUpdatedAt} />}
      <div className="grid grid-cols-1 gap-3.5 lg:grid-cols-[minmax(0,1fr)_21rem]">
        {result.kind === "pdf" && (
          <div className="lg:col-span-2">
            <ResultPanel task={task} result={result} />
          </div>
        )}
        <div className="flex min-w-0 flex-col gap-3.5">
          {result.kind !== "pdf" && <ResultPanel task={task} result={result} />}
          <LivePanel task={task} stream={stream} hasEnded={isDeleted || isTerminal(task.state)} />
          {isTroubled && <Attempts task={task} />}
          <InputPanel task={task} />
          {!isTroubled && <Attempts task={task} />}
        </div>
        <TaskSide task={task} />
      </div>
    </StoppedAt>
  );
}

function TaskSide({ task }: { task: TaskDetail }) {
  return (
    <div className="flex min-w-0 flex-col gap-3.5">
      <Timeline task={task} />
      <TaskFacts task={task} />
    </div>
  );
}

type NoTaskProps = {
  taskId: string;
  isMissing: boolean;
  query: { error: unknown; isError: boolean; refetch: () => unknown };
};

function NoTask({ taskId, isMissing, query }: NoTaskProps) {
  return (
    <>
      <PageHeader
        title="Task"
        documentTitle="Task"
        summary={<span className="font-mono break-all">{taskId}</span>}
      />
      <Panel>
        {isMissing ? (
          <EmptyState
            title="There is no task with this id"
            icon={<FileQuestion />}
            action={
              <Button asChild>
                <Link to="/tasks">Look through the tasks</Link>
              </Button>
            }
          >
            It was deleted, or it ended so long ago that it is no longer kept. Or the id was cut off when it
            was copied.
          </EmptyState>
        ) : query.isError ? (
          <ErrorState
            error={query.error}
            onRetry={() => void query.refetch()}
            title="This task could not be loaded"
          />
        ) : (
          <LoadingRows rows={8} label="Loading the task" />
        )}
      </Panel>
    </>
  );
}
