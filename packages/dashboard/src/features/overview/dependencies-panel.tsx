import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { GuardedServiceView } from "@workstream/core";
import { formatCount, formatPace } from "../../lib/format/numbers.ts";
import { serviceName } from "../../lib/format/service-name.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { Bar } from "../../ui/bar.tsx";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { Instant } from "../../ui/instant.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { Figure } from "./figure.tsx";
import { OpenRouterFigures } from "./openrouter-figures.tsx";

export function DependenciesPanel({ className }: { className?: string }) {
  const query = useQuery(fleetQueries.services);
  return (
    <Panel title="Dependencies" note="services that tasks call" className={cn(className)}>
      <QueryView
        query={query}
        isEmpty={({ services }) => services.length === 0}
        empty={<p className="text-sm text-soft">No task type calls a guarded service.</p>}
      >
        {({ services }) => (
          <ul className="hairline-rows">
            {services.map((service) => (
              <ServiceRow key={service.service} service={service} />
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function ServiceRow({ service }: { service: GuardedServiceView }) {
  const name = serviceName(service.service);
  return (
    <li className="grid grid-cols-2 items-center gap-x-4 gap-y-3 py-3 first:pt-0 last:pb-0 lg:grid-cols-[1.2fr_1.1fr_1.4fr_1fr_1.1fr_auto]">
      <p className="text-sm font-semibold">{name}</p>
      <Figure label="Breaker">
        <BreakerWords service={service} />
      </Figure>
      <Figure label="Limiter">
        <LimiterWords service={service} />
      </Figure>
      {service.service === "openrouter" ? (
        <OpenRouterFigures />
      ) : (
        <>
          <span className="hidden lg:block" />
          <span className="hidden lg:block" />
        </>
      )}
      <Button
        asChild
        size="sm"
        className="col-start-2 row-start-1 justify-self-end lg:col-start-auto lg:row-start-auto"
      >
        <Link to="/dependencies" search={{ service: service.service }} aria-label={`Open ${name}`}>
          Open
        </Link>
      </Button>
    </li>
  );
}

function BreakerWords({
  service: { state, opened_at: openedAt, retry_at: retryAt },
}: {
  service: GuardedServiceView;
}) {
  if (state === "closed") return <span className="font-semibold text-completed-fg">Closed</span>;
  if (state === "half-open") return <span className="font-semibold text-failed-fg">Half-open, trying</span>;
  return (
    <>
      <span className="font-semibold text-dlq-fg">{retryAt === null ? "Forced open" : "Open"}</span>
      {openedAt !== null && (
        <span className="text-faint">
          {" "}
          since <Instant at={openedAt} />
        </span>
      )}
    </>
  );
}

function LimiterWords({ service: { service, limiter } }: { service: GuardedServiceView }) {
  if (limiter === null) return <span className="text-faint">no limit</span>;
  if (limiter.held_until !== null) {
    return (
      <span className="font-semibold text-failed-fg">
        Held until <Instant at={limiter.held_until} />
      </span>
    );
  }
  const tokens = Math.max(0, Math.floor(limiter.tokens));
  return (
    <span className="sm:whitespace-nowrap">
      <Bar
        value={tokens}
        max={limiter.requests}
        label={`Calls that ${serviceName(service)} takes at once now`}
        tone={tokens < limiter.requests / 10 ? "bg-failed" : "bg-active"}
        className="mr-2 hidden w-16 sm:inline-block"
      />
      {formatCount(tokens)} of {formatCount(limiter.requests)}
      <span className="text-faint">, +{formatPace(limiter.requests / limiter.interval_seconds)}/s</span>
    </span>
  );
}
