import { formatAge } from "../lib/format/durations.ts";
import { formatInstant, formatMoment } from "../lib/format/instants.ts";
import { usePreferences } from "../lib/preferences.ts";
import { useNow } from "../lib/use-now.ts";

type InstantProps = { at: string | number; style?: "moment" | "ago" | "full"; className?: string };

/** An instant in the chosen time zone; the whole of it on hover. */
export function Instant({ at, style = "moment", className }: InstantProps) {
  const { timeZone } = usePreferences();
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={formatInstant(at, "full", timeZone)} className={className}>
      {style === "ago" ? (
        <Ago at={Date.parse(iso)} />
      ) : style === "full" ? (
        formatInstant(at, "full", timeZone)
      ) : (
        formatMoment(at)
      )}
    </time>
  );
}

function Ago({ at }: { at: number }) {
  const now = useNow(1_000);
  return at > now ? `in ${formatAge(at - now)}` : `${formatAge(now - at)} ago`;
}
