import { cn } from "./class-names.ts";

/** A coloured mark beside a word; it never stands for the word. */
export function Dot({ className, isPulsing = false }: { className: string; isPulsing?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cn("inline-block size-1.75 shrink-0 rounded-full", isPulsing && "animate-pulse", className)}
    />
  );
}
