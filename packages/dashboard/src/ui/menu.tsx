import { DropdownMenu as Parts } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./class-names.ts";

type MenuProps = {
  trigger: ReactNode;
  align?: "start" | "end";
  /** Only where something else than its trigger opens it. */
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  children: ReactNode;
};

export function Menu({ trigger, align = "end", isOpen, onOpenChange, children }: MenuProps) {
  return (
    <Parts.Root
      modal={false}
      {...(isOpen !== undefined && { open: isOpen })}
      {...(onOpenChange && { onOpenChange })}
    >
      <Parts.Trigger asChild>{trigger}</Parts.Trigger>
      <Parts.Portal>
        <Parts.Content
          align={align}
          sideOffset={5}
          className="z-50 max-h-[70vh] min-w-44 overflow-auto rounded-md border bg-panel p-1 shadow-overlay"
        >
          {children}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}

const row =
  "flex cursor-pointer items-center gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-raised data-[disabled]:opacity-45 [&_svg]:size-3.5 [&_svg]:text-faint";

export function MenuItem({
  isDangerous = false,
  className,
  ...props
}: ComponentProps<typeof Parts.Item> & { isDangerous?: boolean }) {
  return (
    <Parts.Item className={cn(row, isDangerous && "text-danger [&_svg]:text-danger", className)} {...props} />
  );
}

export function MenuCheckItem({ className, children, ...props }: ComponentProps<typeof Parts.CheckboxItem>) {
  return (
    <Parts.CheckboxItem className={cn(row, "pl-7", className)} {...props}>
      <Parts.ItemIndicator className="absolute left-3 text-accent">✓</Parts.ItemIndicator>
      {children}
    </Parts.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Parts.Label className="px-2 pt-1.5 pb-1 text-xs text-faint">{children}</Parts.Label>;
}

export function MenuSeparator() {
  return <Parts.Separator className="my-1 h-px bg-line" />;
}
