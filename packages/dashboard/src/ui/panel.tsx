import { type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";

type PanelProps = {
  title?: ReactNode;
  /** A few words beside the title. */
  note?: ReactNode;
  /** At the right end of the title's line. */
  aside?: ReactNode;
  className?: string;
  bodyClassName?: string;
  children: ReactNode;
};

/** A region of a page: hairline, title, what it shows. */
export function Panel({ title, note, aside, className, bodyClassName, children }: PanelProps) {
  const titleId = useId();
  return (
    <section
      aria-labelledby={title === undefined ? undefined : titleId}
      className={cn("min-w-0 rounded-lg border bg-panel px-4 py-card", className)}
    >
      {title !== undefined && (
        <header className="mb-3 flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
          <h2 id={titleId} className="text-sm font-semibold">
            {title}
          </h2>
          {note !== undefined && <p className="text-xs text-faint">{note}</p>}
          {aside !== undefined && <div className="ml-auto text-xs text-faint">{aside}</div>}
        </header>
      )}
      <div className={bodyClassName}>{children}</div>
    </section>
  );
}
