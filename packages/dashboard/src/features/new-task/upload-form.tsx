import { useQuery } from "@tanstack/react-query";
import type { UploadProgress } from "@workstream/client";
import type { TaskType } from "@workstream/core";
import { useState } from "react";
import { client } from "../../lib/client.ts";
import { formatBytes } from "../../lib/format/numbers.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { checkFile } from "./check-file.ts";
import { DropZone } from "./drop-zone.tsx";
import { faultAt } from "./form/field-props.ts";
import { OptionsSection } from "./options-section.tsx";
import { SubmitBar } from "./submit-bar.tsx";
import { useTaskForm } from "./use-task-form.ts";

type UploadFormProps = { type: TaskType /** To begin with. */; file: File | null; issueDate: string };

/** A type that takes a file; all that is known of before it is sent is checked before. */
export function UploadForm({ type, file: initial, issueDate: initialDate }: UploadFormProps) {
  const isPdf = type.type === "pdfxtract";
  const { data: gateway } = useQuery(fleetQueries.gateway);
  const maxBytes = gateway?.max_upload_bytes ?? null;
  const [file, setFile] = useState(initial);
  const [issueDate, setIssueDate] = useState(initialDate);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const { task, options, setOptions, optionFields, faults, check, handlers } = useTaskForm();

  const choose = async (next: File) => {
    const why = await checkFile(next, { maxBytes, mustBePdf: isPdf });
    setRefusal(why === null ? null : `${next.name}: ${why}`);
    if (why === null) setFile(next);
  };
  const submit = () => {
    const missing = file === null ? [{ pointer: "/file", detail: "Choose a file first." }] : [];
    check(missing, () => {
      if (file === null) return;
      setProgress({ sentBytes: 0, totalBytes: file.size });
      const request = { file, ...optionFields, ...(issueDate !== "" && { issueDate }) };
      task.send((signal) => client.tasks.upload(type.type, request, { signal, onProgress: setProgress }));
    });
  };
  const hint = `${isPdf ? "A PDF" : "Any file"}${maxBytes === null ? "" : `, ${Math.floor(maxBytes / 1024 ** 2)} MB at most`}`;
  return (
    <form {...handlers(submit)} className="flex max-w-3xl flex-col gap-4">
      <DropZone
        file={file}
        accept={isPdf ? "application/pdf,.pdf" : undefined}
        hint={hint}
        fault={refusal ?? faultAt(faults, "/file")}
        isDisabled={task.isSending}
        onFile={(next) => void choose(next)}
      />
      {isPdf && (
        <Field
          label="Date of issue"
          hint="Found in the document where it is left empty."
          error={faultAt(faults, "/issue_date")}
        >
          {(ids) => (
            <Input
              {...ids}
              type="date"
              value={issueDate}
              onChange={(event) => setIssueDate(event.target.value)}
              className="max-w-48"
            />
          )}
        </Field>
      )}
      <OptionsSection value={options} onChange={setOptions} faults={faults} />
      {task.isSending && progress !== null && <Sending progress={progress} onStop={task.stop} />}
      <SubmitBar
        task={task}
        label={isPdf ? "Extract the articles" : "Create the task"}
        faults={faults}
        request={() => ({
          type: type.type,
          options: optionFields,
          body: {
            kind: "file",
            filename: file?.name ?? "file.pdf",
            fields: issueDate === "" ? {} : { issue_date: issueDate },
          },
        })}
      />
    </form>
  );
}

function Sending({ progress, onStop }: { progress: UploadProgress; onStop: () => void }) {
  const { sentBytes, totalBytes } = progress;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <progress
        aria-label="Upload"
        value={sentBytes}
        max={Math.max(totalBytes, 1)}
        className="h-1.5 min-w-40 flex-1 appearance-none overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
      />
      <span className="tabular text-xs text-soft">
        {formatBytes(sentBytes)} of {formatBytes(totalBytes)}
      </span>
      <Button size="sm" onClick={onStop}>
        Stop the upload
      </Button>
    </div>
  );
}
