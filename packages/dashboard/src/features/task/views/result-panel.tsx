import type { TaskDetail } from "@workstream/core";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { JsonView } from "../../../ui/json-view.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { PdfView } from "./pdf-view.tsx";
import { ReadableText } from "./readable-text.tsx";
import type { StoredText } from "./stored-text.ts";
import { SummaryView } from "./summary-view.tsx";

/** What a completed task answered, shown as what it is. */
export function ResultPanel({ task, result }: { task: TaskDetail; result: StoredText }) {
  if (task.state !== "COMPLETED") return null;
  switch (result.kind) {
    case "summary":
      return <SummaryView summary={result.summary} />;
    case "pdf":
      return <PdfView task={task} pdf={result.pdf} />;
    case "text":
      return (
        <Panel title="Result" aside={<CopyButton text={result.text} label="Copy the result" />}>
          {result.text === "" ? (
            <EmptyState title="The result is an empty text" />
          ) : (
            <ReadableText text={result.text} />
          )}
        </Panel>
      );
    case "json":
      return (
        <Panel title="Result">
          <JsonView value={result.value} label="Result as JSON" />
        </Panel>
      );
    default:
      return (
        <Panel title="Result">
          <EmptyState title="No result is kept">The task completed, and its type answers nothing.</EmptyState>
        </Panel>
      );
  }
}
