import { cn } from "./class-names.ts";

/** The room that something takes which is on its way. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden="true" className={cn("h-4 animate-pulse rounded-sm bg-raised", className)} />;
}

/** Lines of text or rows on their way, said once to those who don't see them. */
export function LoadingRows({ rows = 5, label = "Loading" }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 py-2">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows that are all alike and never move
        <Skeleton key={index} className={index % 3 === 2 ? "w-3/5" : "w-full"} />
      ))}
    </div>
  );
}
