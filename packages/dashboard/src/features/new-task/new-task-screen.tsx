import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { TaskType } from "@workstream/core";
import { shortTaskId } from "../../lib/format/task-id.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { useMaySubmit } from "../../lib/use-role.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { errorText } from "../../ui/error-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { LoadingRows } from "../../ui/skeleton.tsx";
import { type Prefill, usePrefill } from "./prefill.ts";
import { SchemaForm } from "./schema-form.tsx";
import { SummarizeForm } from "./summarize-form.tsx";
import { TypePicker } from "./type-picker.tsx";
import { UploadForm } from "./upload-form.tsx";

export function NewTaskScreen() {
  const types = useQuery(taskQueries.types);
  return (
    <>
      <PageHeader
        title="New task"
        documentTitle="New task"
        summary="Pick a type, give it its input, and watch it run."
      />
      <ReaderNote />
      <QueryView
        query={types}
        isEmpty={(list) => list.length === 0}
        empty={
          <EmptyState title="This gateway knows no task types">
            Start it with <code>--tasks</code> and a module that defines some.
          </EmptyState>
        }
      >
        {(list) => <Picked types={list} />}
      </QueryView>
    </>
  );
}

function ReaderNote() {
  if (useMaySubmit()) return null;
  return (
    <p role="status" className="mb-3.5 rounded-lg border bg-warning-bg px-4 py-2.5 text-sm text-warning">
      Your key may only read. To create tasks, enter one of a submitter or an operator in the{" "}
      <Link to="/settings" className="underline">
        settings
      </Link>
      .
    </p>
  );
}

function Picked({ types }: { types: readonly TaskType[] }) {
  const { type: wanted, from } = useSearch({ from: "/new" });
  const prefill = usePrefill(from);
  const name = wanted ?? prefill.data?.type;
  const chosen = name === undefined ? types[0] : types.find(({ type }) => type === name);
  if (from !== undefined && prefill.isPending) return <LoadingRows rows={8} label="Fetching the input" />;
  if (chosen === undefined) return <UnknownType name={name ?? ""} />;
  return (
    <div className="grid grid-cols-1 gap-x-6 gap-y-4 lg:grid-cols-[17rem_minmax(0,1fr)]">
      <TypePicker types={types} chosen={chosen} />
      <Panel title={chosen.type} note={chosen.description}>
        <PrefillNote from={from} error={prefill.error} />
        <TypeForm
          key={`${chosen.type} ${from ?? ""}`}
          type={chosen}
          prefill={prefillFor(chosen, prefill.data)}
        />
      </Panel>
    </div>
  );
}

function prefillFor({ type }: TaskType, prefill: Prefill | undefined): Prefill | undefined {
  return prefill?.type === type ? prefill : undefined;
}

function PrefillNote({ from, error }: { from: string | undefined; error: unknown }) {
  if (from === undefined) return null;
  return (
    <p className="mb-3.5 text-sm text-soft">
      {error ? (
        <span className="text-warning">The input of that task could not be fetched: {errorText(error)}</span>
      ) : (
        <>
          With the input of{" "}
          <Link to="/tasks/$taskId" params={{ taskId: from }} className="underline">
            <code>{shortTaskId(from)}</code>
          </Link>
          , to change as you like.
        </>
      )}
    </p>
  );
}

function UnknownType({ name }: { name: string }) {
  return (
    <EmptyState
      title={`There is no task type ${name}`}
      action={
        <Link to="/new" className="underline">
          Pick another one
        </Link>
      }
    >
      The gateway was started without the module that defines it.
    </EmptyState>
  );
}

function TypeForm({ type, prefill }: { type: TaskType; prefill: Prefill | undefined }) {
  if (type.takes_file) {
    return <UploadForm type={type} file={prefill?.file ?? null} issueDate={prefill?.issueDate ?? ""} />;
  }
  if (type.type === "summarize") return <SummarizeForm text={textOf(prefill)} />;
  const isText = type.input_schema.type === "string";
  return <SchemaForm type={type} input={isText ? (prefill?.content ?? undefined) : prefill?.input} />;
}

function textOf(prefill: Prefill | undefined): string {
  const input = prefill?.input;
  if (typeof input === "object" && input !== null && "content" in input) return String(input.content);
  return prefill?.content ?? "";
}
