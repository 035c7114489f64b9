import { formatAge } from "../../lib/format/durations.ts";
import { useConnectionState, useSilentSince } from "../../lib/live/use-live.ts";
import { useNow } from "../../lib/use-now.ts";

/** Says how old the live counts are while they are not live. */
export function LiveAge() {
  const state = useConnectionState();
  const silentSince = useSilentSince();
  const now = useNow(1_000);
  if (state === "connecting" || silentSince === null) return null;
  return <span className="text-warning">as of {formatAge(now - silentSince)} ago</span>;
}
