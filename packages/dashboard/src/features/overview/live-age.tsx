import { formatAge } from "../../lib/format/durations.ts";
import { useConnection } from "../../lib/live/use-live.ts";
import { useNow } from "../../lib/use-now.ts";

/** Says how old the live counts are while they are not live. */
export function LiveAge() {
  const { state, heardAt } = useConnection();
  const now = useNow(1_000);
  if (state === "open" || state === "connecting" || heardAt === null) return null;
  return <span className="text-warning">as of {formatAge(now - heardAt)} ago</span>;
}
