import type { ReactNode } from "react";

/** A figure under its name. */
export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl className="min-w-0">
      <dt className="text-xs text-faint">{label}</dt>
      <dd className="tabular text-sm">{children}</dd>
    </dl>
  );
}
