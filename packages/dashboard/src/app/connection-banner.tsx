import { useConnection } from "../lib/live/use-live.ts";
import { useUnauthorized } from "../lib/unauthorized.ts";

/** Over every screen while the gateway or its store can't be heard: what stands below may be old. */
export function ConnectionBanner() {
  const { state, error } = useConnection();
  const isAskedForKey = useUnauthorized();
  if (isAskedForKey || (state !== "waiting" && state !== "closed" && state !== "storeless")) return null;
  return (
    <div role="alert" className="border-b bg-warning-bg px-4 py-1.5 text-center text-sm text-warning md:px-7">
      {error === null || error.includes("can't be reached.") ? "The gateway can't be reached." : error} What
      stands here may be old; it catches up by itself.
    </div>
  );
}
