import { useQuery } from "@tanstack/react-query";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";

/** OpenRouter is there before it has a key: what works without one, and how it gets one. */
export function KeyNote({ service }: { service: string }) {
  const { data } = useQuery({ ...fleetQueries.openrouter, enabled: service === "openrouter" });
  if (service !== "openrouter" || data?.status !== "api_key_missing") return null;
  return (
    <p className="mb-3 rounded-md bg-raised px-3 py-2 text-sm text-soft">
      No key is set, so nobody calls it and tasks run without a model. <code>OPENROUTER_API_KEY</code> sets
      one.
    </p>
  );
}
