import { useQuery } from "@tanstack/react-query";
import { formatBytes } from "../lib/format/numbers.ts";
import { fleetQueries } from "../lib/queries/fleet-queries.ts";

/** Which store, how full, which version. */
export function GatewayFoot() {
  const { data } = useQuery(fleetQueries.gateway);
  if (data === undefined) return null;
  const { store, version, auth, docs_url: docsUrl } = data;
  const name = store.kind === "redis" ? "Redis" : "SQLite";
  return (
    <div className="px-2.5 pb-1 text-2xs leading-relaxed text-faint">
      <p>
        {name} {store.version}
      </p>
      {store.memory_bytes !== null && (
        <p className="tabular">
          {formatBytes(store.memory_bytes)}
          {store.memory_limit_bytes !== null && ` of ${formatBytes(store.memory_limit_bytes)}`}
        </p>
      )}
      <p>
        v{version}
        {/* A link sends no key. */}
        {auth === "off" && (
          <>
            {" "}
            ·{" "}
            <a href={docsUrl} className="underline hover:text-fg">
              API reference
            </a>
          </>
        )}
      </p>
    </div>
  );
}
