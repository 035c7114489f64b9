import type { TaskDetail } from "@workstream/core";
import { useState } from "react";
import { formatBytes } from "../../../lib/format/numbers.ts";
import type { UploadedFile } from "../../../lib/uploaded-file.ts";
import { Button } from "../../../ui/button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { PdfDocument } from "./pdf-document.tsx";

/** The file that a task was created from; it is fetched when someone wants to see it. */
export function FileInput({ task, file }: { task: TaskDetail; file: UploadedFile }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title="Input" note={`${file.filename}, ${formatBytes(file.bytes)}`}>
      {isOpen ? (
        <PdfDocument taskId={task.task_id} file={file} />
      ) : (
        <Button onClick={() => setOpen(true)}>Show the file</Button>
      )}
    </Panel>
  );
}
