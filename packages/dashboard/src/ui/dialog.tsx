import { X } from "lucide-react";
import { Dialog as Parts } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { cn } from "./class-names.ts";

type DialogProps = {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  description?: ReactNode;
  className?: string;
  children?: ReactNode;
};

export function Dialog({ isOpen, onOpenChange, title, description, className, children }: DialogProps) {
  return (
    <Parts.Root open={isOpen} onOpenChange={onOpenChange}>
      <Parts.Portal>
        <Parts.Overlay className="fixed inset-0 z-40 bg-[oklch(0_0_0/0.45)]" />
        <Parts.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          className={cn(
            "fixed top-1/2 left-1/2 z-50 max-h-[85vh] w-[min(32rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-auto rounded-lg border bg-panel p-5 shadow-overlay",
            className,
          )}
        >
          <div className="mb-3 flex items-start gap-3">
            <Parts.Title className="text-lg leading-snug font-semibold">{title}</Parts.Title>
            <Parts.Close asChild>
              <Button tone="ghost" size="iconSm" className="ml-auto" aria-label="Close">
                <X />
              </Button>
            </Parts.Close>
          </div>
          {description !== undefined && (
            <Parts.Description asChild>
              <div className="mb-4 text-sm text-soft">{description}</div>
            </Parts.Description>
          )}
          {children}
        </Parts.Content>
      </Parts.Portal>
    </Parts.Root>
  );
}
