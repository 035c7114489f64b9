import { formatAge } from "../lib/format/durations.ts";
import { useNow } from "../lib/use-now.ts";

/** Says that what stands here is old, because the last attempt to read it failed. Nothing while it is current. */
export function StaleNote({ isStale, since }: { isStale: boolean; since: number }) {
  const now = useNow(5_000);
  if (!isStale) return null;
  return (
    <span role="status" className="text-xs text-warning">
      as of {formatAge(now - since)} ago
    </span>
  );
}
