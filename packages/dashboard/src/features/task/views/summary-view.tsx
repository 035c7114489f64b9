import { Badge } from "../../../ui/badge.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Panel } from "../../../ui/panel.tsx";
import type { SummaryResult } from "./built-in-results.ts";
import { ModelFacts } from "./model-facts.tsx";
import { ReadableText } from "./readable-text.tsx";

/** A summary to read, with how it was made. */
export function SummaryView({ summary }: { summary: SummaryResult }) {
  const isByModel = summary.method === "model";
  return (
    <Panel
      title="Summary"
      note={isByModel ? undefined : "in sentences taken from the text"}
      aside={
        <span className="flex items-center gap-1.5">
          <Badge tone={isByModel ? "accent" : "neutral"}>
            {isByModel ? (summary.model ?? "model") : "extractive"}
          </Badge>
          <CopyButton text={summary.summary} label="Copy the summary" />
        </span>
      }
    >
      <ReadableText text={summary.summary} />
      {summary.is_truncated && (
        <p className="mt-3 text-sm text-warning">
          The model was cut off; its last sentence was left out. Try it again for a whole one.
        </p>
      )}
      {summary.fallback_reason !== null && (
        <p className="mt-3 text-sm text-warning">Made without the model: {summary.fallback_reason}</p>
      )}
      <ModelFacts made={summary}>
        <Language code={summary.language} />
        <span>
          {summary.sentences_in} → {summary.sentences_out} sentences
        </span>
        {summary.parts !== null && summary.parts > 1 && <span>{summary.parts} parts</span>}
      </ModelFacts>
    </Panel>
  );
}

function Language({ code }: { code: string }) {
  if (code === "und") return <span>language unknown</span>;
  return <span>{languageNames.of(code) ?? code}</span>;
}

const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "code" });
