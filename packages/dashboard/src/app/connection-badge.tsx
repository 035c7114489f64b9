import { Pause, Play } from "lucide-react";
import { formatAge } from "../lib/format/durations.ts";
import type { Connection } from "../lib/live/live-feed.ts";
import { liveFeed, useConnection } from "../lib/live/use-live.ts";
import { changePreferences, usePreferences } from "../lib/preferences.ts";
import { useNow } from "../lib/use-now.ts";
import { chip } from "../ui/chip.ts";
import { cn } from "../ui/class-names.ts";
import { Dot } from "../ui/dot.tsx";

type Look = { word: string; dot: string; isWarning: boolean };

const looks: Record<Connection["state"], Look> = {
  open: { word: "Live", dot: "bg-completed", isWarning: false },
  connecting: { word: "Connecting", dot: "bg-pending", isWarning: false },
  waiting: { word: "Reconnecting", dot: "bg-failed", isWarning: true },
  closed: { word: "Not connected", dot: "bg-dlq", isWarning: true },
  storeless: { word: "Store away", dot: "bg-dlq", isWarning: true },
  paused: { word: "Paused", dot: "bg-cancelled", isWarning: true },
  hidden: { word: "Resting", dot: "bg-cancelled", isWarning: false },
};

/** Whether what is shown is what is, and since when. Pauses and goes on. */
export function ConnectionBadge() {
  const connection = useConnection();
  const { isLive } = usePreferences();
  const { word, dot, isWarning } = looks[connection.state];
  return (
    <div className={cn(chip, "gap-2 pr-1", isWarning && "border-failed/50 text-fg")}>
      <span role="status" className="inline-flex items-center gap-1.75">
        <Dot className={dot} />
        {word}
      </span>
      <Detail connection={connection} />
      <button
        type="button"
        aria-label={isLive ? "Pause live updates" : "Resume live updates"}
        title={isLive ? "Pause live updates" : "Resume live updates"}
        onClick={() => changePreferences({ isLive: !isLive })}
        className="grid size-5 place-items-center rounded-full text-faint hover:bg-raised hover:text-fg"
      >
        {isLive ? <Pause className="size-3" /> : <Play className="size-3" />}
      </button>
    </div>
  );
}

function Detail({ connection: { state, heardAt, retryAt } }: { connection: Connection }) {
  const now = useNow(1_000);
  if (state === "waiting" && retryAt !== null) {
    return (
      <button
        type="button"
        className="tabular text-faint underline hover:text-fg"
        onClick={() => liveFeed.retryNow()}
      >
        {retryAt > now ? `in ${formatAge(retryAt - now)}, now?` : "now"}
      </button>
    );
  }
  if (heardAt === null) return null;
  return <span className="tabular text-faint">{formatAge(now - heardAt)} ago</span>;
}
