import { cn } from "../../../ui/class-names.ts";
import type { PdfPage } from "./built-in-results.ts";

type PageRailProps = {
  pages: readonly PdfPage[];
  found: readonly PdfPage[];
  current: number | undefined;
  onOpen: (page: number) => void;
};

/** Every page with what is on it. */
export function PageRail({ pages, found, current, onOpen }: PageRailProps) {
  const counts = new Map(found.map(({ page_number: number, articles }) => [number, articles.length]));
  return (
    <nav aria-label="Pages" className="md:sticky md:top-4 md:self-start">
      <ol className="flex max-h-[70vh] gap-0.5 overflow-auto md:flex-col">
        {pages.map(({ page_number: number, status }) => {
          const count = counts.get(number) ?? 0;
          return (
            <li key={number} className="shrink-0">
              <button
                type="button"
                disabled={!counts.has(number)}
                aria-current={number === current ? "true" : undefined}
                onClick={() => onOpen(number)}
                className={cn(
                  "tabular flex w-full items-baseline gap-2 rounded-sm px-2 py-1 text-left text-sm text-soft hover:bg-raised disabled:text-faint",
                  number === current && "bg-accent-bg text-accent",
                )}
              >
                Page {number}
                <span className="ml-auto text-xs text-faint">{status === "skipped" ? "skipped" : count}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
