import { type ReactNode, useEffect } from "react";

type PageHeaderProps = {
  /** The headline: on an overview a sentence about the system, else what the page is. */
  title: ReactNode;
  /** For the browser's tab, where the headline is not plain text. */
  documentTitle: string;
  summary?: ReactNode;
  actions?: ReactNode;
};

export function PageHeader({ title, documentTitle, summary, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${documentTitle} · Workstream`;
  }, [documentTitle]);
  return (
    <header className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <h1 className="text-xl leading-tight font-semibold tracking-tight">{title}</h1>
        {summary !== undefined && <div className="mt-1 text-sm text-soft">{summary}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
