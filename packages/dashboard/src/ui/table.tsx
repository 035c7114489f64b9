import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

/** A real table with hairlines, in a box of its own that scrolls when there is no room. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    // No region: a page of tables would have more landmarks than a reader wants.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups controls
    <div role="group" className="-mx-1 overflow-x-auto px-1" tabIndex={0} aria-label={props["aria-label"]}>
      <table className={cn("w-full border-collapse text-sm", className)} {...props} />
    </div>
  );
}

type CellProps = { isNumber?: boolean };

export function Th({ isNumber = false, className, ...props }: ComponentProps<"th"> & CellProps) {
  return (
    <th
      scope="col"
      className={cn(
        "pr-4 pb-1.75 text-left text-xs font-normal whitespace-nowrap text-faint last:pr-0",
        isNumber && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function Td({ isNumber = false, className, ...props }: ComponentProps<"td"> & CellProps) {
  return (
    <td
      className={cn(
        "border-t py-row pr-4 align-middle last:pr-0",
        isNumber && "tabular text-right",
        className,
      )}
      {...props}
    />
  );
}
