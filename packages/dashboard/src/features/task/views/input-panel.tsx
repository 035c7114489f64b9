import type { TaskDetail } from "@workstream/core";
import { countOf } from "../../../lib/format/numbers.ts";
import { countWords } from "../../../lib/format/words.ts";
import { uploadOf } from "../../../lib/uploaded-file.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { JsonView } from "../../../ui/json-view.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { FileInput } from "./file-input.tsx";
import { ReadableText } from "./readable-text.tsx";
import { readStoredText } from "./stored-text.ts";

/** What the task was created from. */
export function InputPanel({ task }: { task: TaskDetail }) {
  const file = uploadOf(task);
  // The PDF stands beside its articles.
  if (file !== null && task.state === "COMPLETED") return null;
  if (file !== null) return <FileInput task={task} file={file} />;
  const stored = readStoredText(task.content);
  if (stored.kind === "none") return null;
  if (stored.kind === "json") {
    return (
      <Panel title="Input">
        <JsonView value={stored.value} label="Input as JSON" />
      </Panel>
    );
  }
  const words = countWords(stored.text);
  return (
    <Panel
      title="Input"
      note={words > 1 ? countOf(words, "word") : undefined}
      aside={<CopyButton text={stored.text} label="Copy the input" />}
    >
      <ReadableText text={stored.text} />
    </Panel>
  );
}
