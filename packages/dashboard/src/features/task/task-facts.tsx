import { Link } from "@tanstack/react-router";
import type { TaskDetail } from "@workstream/core";
import type { ReactNode } from "react";
import { Instant } from "../../ui/instant.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Panel } from "../../ui/panel.tsx";

/** The plain facts of a task. */
export function TaskFacts({ task }: { task: TaskDetail }) {
  const hasMetadata = Object.keys(task.metadata).length > 0;
  return (
    <Panel title="Details">
      <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-sm">
        <Fact name="Id">
          <code className="text-xs break-all">{task.task_id}</code>
        </Fact>
        <Fact name="Queue">
          <Link to="/tasks" search={{ q: `queue:${task.queue}` }} className="hover:underline">
            {task.queue}
          </Link>
        </Fact>
        <Fact name="Priority">{task.priority}</Fact>
        <Fact name="Retries">
          <span className="tabular">
            {task.retry_count} of {task.max_retries} used
          </span>
        </Fact>
        {task.worker_id !== null && (
          <Fact name={task.state === "ACTIVE" ? "Worker" : "Last worker"}>
            <WorkerLink workerId={task.worker_id} />
          </Fact>
        )}
        {task.error_group !== null && (
          <Fact name="Cause">
            <Link to="/dead-letters" search={{ group: task.error_group }} className="underline">
              Dead letters of the same cause
            </Link>
          </Fact>
        )}
        <Moment name="Created" at={task.created_at} />
        <Moment name="Started" at={task.started_at} />
        <Moment name="Due" at={task.retry_after} />
        <Moment name="Ended" at={task.completed_at} />
        <Moment name="Changed" at={task.updated_at} />
      </dl>
      {hasMetadata && (
        <div className="mt-3.5">
          <h3 className="mb-1.5 text-xs text-faint">Metadata</h3>
          <JsonView value={task.metadata} label="Metadata" />
        </div>
      )}
    </Panel>
  );
}

export function WorkerLink({ workerId }: { workerId: string }) {
  return (
    <Link to="/workers" search={{ worker: workerId }} className="break-all hover:underline">
      <code className="text-xs">{workerId}</code>
    </Link>
  );
}

function Moment({ name, at }: { name: string; at: string | null }) {
  if (at === null) return null;
  return (
    <Fact name={name}>
      <Instant at={at} className="tabular" />
    </Fact>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
