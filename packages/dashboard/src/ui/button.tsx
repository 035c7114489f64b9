import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./class-names.ts";

const look = cva(
  "inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium transition-colors select-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        plain: "border-line bg-panel text-fg hover:bg-raised hover:border-line-strong",
        primary: "border-transparent bg-accent text-accent-fg hover:bg-accent/90",
        danger: "border-line bg-panel text-danger hover:bg-danger-bg hover:border-danger/40",
        solidDanger: "border-transparent bg-danger text-danger-fg hover:bg-danger/90",
        ghost: "border-transparent bg-transparent text-soft hover:bg-raised hover:text-fg",
      },
      size: { sm: "h-6.5 px-2.5 text-xs", md: "h-8 px-3 text-sm", icon: "size-7 p-0", iconSm: "size-6 p-0" },
    },
    defaultVariants: { tone: "plain", size: "md" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof look> & { asChild?: boolean };

/** With `size="icon"` give it an `aria-label`. */
export function Button({ className, tone, size, asChild = false, type = "button", ...props }: ButtonProps) {
  const Element = asChild ? Slot.Root : "button";
  return (
    <Element type={asChild ? undefined : type} className={cn(look({ tone, size }), className)} {...props} />
  );
}
