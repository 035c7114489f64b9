import { useConnection } from "../lib/live/use-live.ts";

/** Over every screen while the gateway can't be heard: what stands below may be old. */
export function ConnectionBanner() {
  const { state, error } = useConnection();
  if (state !== "waiting" && state !== "closed") return null;
  return (
    <div role="alert" className="border-b bg-warning-bg px-4 py-1.5 text-center text-sm text-warning md:px-7">
      The gateway can't be reached{error === null ? "" : `: ${error.replace(/\.$/, "")}`}. What stands here
      may be old; it catches up by itself.
    </div>
  );
}
