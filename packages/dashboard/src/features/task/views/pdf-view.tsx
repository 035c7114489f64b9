import type { TaskDetail } from "@workstream/core";
import { useState } from "react";
import { countOf } from "../../../lib/format/numbers.ts";
import { uploadOf } from "../../../lib/uploaded-file.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Input } from "../../../ui/field.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { ArticlePages } from "./article-pages.tsx";
import { findArticles } from "./article-search.ts";
import type { PdfResult } from "./built-in-results.ts";
import { ModelFacts } from "./model-facts.tsx";
import { PageRail } from "./page-rail.tsx";
import { PdfDocument } from "./pdf-document.tsx";

/** Articles by page, with the PDF they were read from beside them. */
export function PdfView({ task, pdf }: { task: TaskDetail; pdf: PdfResult }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState<number | undefined>(undefined);
  const [showsFile, setShowsFile] = useState(hasRoom);
  const file = uploadOf(task);
  const found = findArticles(pdf.pages, search);
  const count = (pages: PdfResult["pages"]) => pages.reduce((sum, { articles }) => sum + articles.length, 0);
  const openPage = (number: number) => {
    setPage(number);
    document.getElementById(`page-${number}`)?.scrollIntoView({ block: "start" });
  };
  return (
    <Panel
      title="Articles"
      note={`${countOf(count(pdf.pages), "article")} on ${countOf(pdf.pages.length, "page")}`}
      aside={
        <span className="flex flex-wrap items-center gap-1.5">
          <Badge tone={pdf.method === "model" ? "accent" : "neutral"}>
            {pdf.method === "model" ? (pdf.model ?? "model") : "text layer"}
          </Badge>
          <CopyButton text={() => JSON.stringify(pdf, null, 2)} label="Copy the result as JSON" />
        </span>
      }
    >
      <div className="mb-3.5 flex flex-wrap items-center gap-2">
        <Input
          type="search"
          aria-label="Search in the articles"
          placeholder="Search in the articles"
          className="h-8 min-w-0 flex-1 py-0 sm:max-w-60"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span role="status" className="text-xs text-faint">
          {search.trim() === "" ? "" : `${countOf(count(found), "article")} found`}
        </span>
        {file !== null && (
          <Button
            size="sm"
            className="ml-auto"
            aria-pressed={showsFile}
            onClick={() => setShowsFile(!showsFile)}
          >
            {showsFile ? "Hide the PDF" : "Show the PDF"}
          </Button>
        )}
      </div>
      <div className={showsFile ? "grid gap-5 lg:grid-cols-2" : ""}>
        <div className="grid min-w-0 gap-x-6 gap-y-3 md:grid-cols-[7.5rem_minmax(0,1fr)]">
          <PageRail pages={pdf.pages} found={found} current={page} onOpen={openPage} />
          <ArticlePages pages={found} search={search} />
        </div>
        {showsFile && file !== null && (
          <div className="min-w-0 lg:sticky lg:top-4 lg:self-start">
            <PdfDocument taskId={task.task_id} file={file} {...(page !== undefined && { page })} />
          </div>
        )}
      </div>
      <ModelFacts made={pdf}>
        <span>{pdf.filename}</span>
        <span>{pdf.issue_date === "unknown" ? "date of issue unknown" : `issued ${pdf.issue_date}`}</span>
      </ModelFacts>
    </Panel>
  );
}

/** For both beside each other. */
function hasRoom(): boolean {
  return matchMedia("(min-width: 1024px)").matches;
}
