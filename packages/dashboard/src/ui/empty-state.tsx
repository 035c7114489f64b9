import type { ReactNode } from "react";

type EmptyStateProps = {
  title: string;
  /** What to do next, as a sentence. */
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
};

/** Nothing here, and what comes next. */
export function EmptyState({ title, children, action, icon }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1.5 px-4 py-10 text-center">
      {icon !== undefined && <div className="mb-1 text-faint [&_svg]:size-6">{icon}</div>}
      <p className="text-base font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-sm text-soft">{children}</div>}
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
