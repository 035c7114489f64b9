import type { ReactNode } from "react";

/** A key on the keyboard. */
export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-4.5 items-center justify-center rounded-sm border bg-panel px-1 font-sans text-2xs text-faint">
      {children}
    </kbd>
  );
}
