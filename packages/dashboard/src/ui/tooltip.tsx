import { Tooltip as Parts } from "radix-ui";
import type { ReactNode } from "react";

/** More about what it surrounds, for pointers and for the keyboard; never the only place where something stands. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Parts.Provider delayDuration={300}>
      <Parts.Root>
        <Parts.Trigger asChild>{children}</Parts.Trigger>
        <Parts.Portal>
          <Parts.Content
            sideOffset={6}
            className="z-50 max-w-72 rounded-md border bg-panel px-2.5 py-1.5 text-xs text-fg shadow-overlay"
          >
            {text}
          </Parts.Content>
        </Parts.Portal>
      </Parts.Root>
    </Parts.Provider>
  );
}
