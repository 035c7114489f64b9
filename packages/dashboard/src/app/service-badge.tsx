import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { OpenRouterStatus } from "@workstream/core";
import { withLocalInstants } from "../lib/format/instants.ts";
import { fleetQueries } from "../lib/queries/fleet-queries.ts";
import { chip } from "../ui/chip.ts";
import { cn } from "../ui/class-names.ts";
import { Dot } from "../ui/dot.tsx";

const looks: Record<OpenRouterStatus, { word: string; dot: string }> = {
  active: { word: "active", dot: "bg-completed" },
  rate_limited: { word: "limited", dot: "bg-failed" },
  api_key_missing: { word: "no key", dot: "bg-cancelled" },
  api_key_invalid: { word: "key refused", dot: "bg-dlq" },
  credits_exhausted: { word: "out of credits", dot: "bg-dlq" },
  service_unavailable: { word: "unavailable", dot: "bg-dlq" },
  error: { word: "issue", dot: "bg-failed" },
};

/** OpenRouter in one word, its reason on hover, its page on a click. */
export function ServiceBadge() {
  const { data } = useQuery(fleetQueries.openrouter);
  if (data === undefined) return null;
  const { word, dot } = looks[data.status];
  return (
    <Link
      to="/dependencies"
      search={{ service: "openrouter" }}
      title={withLocalInstants(data.message)}
      className={cn(chip, "hover:border-line-strong hover:text-fg")}
    >
      <Dot className={dot} />
      OpenRouter {word}
    </Link>
  );
}
