import { Link } from "@tanstack/react-router";
import type { GuardedServiceView } from "@workstream/core";
import { ChevronRight } from "lucide-react";
import { serviceName } from "../../lib/format/service-name.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { Dot } from "../../ui/dot.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Panel } from "../../ui/panel.tsx";
import { BreakerActions } from "./breaker-actions.tsx";
import { breakerLook, breakerSentence } from "./breaker-look.ts";
import { KeyNote } from "./key-note.tsx";
import { LimiterFacts } from "./limiter-facts.tsx";
import { ServiceDetails } from "./service-details.tsx";

type ServicePanelProps = { service: GuardedServiceView; isOpen: boolean };

export function ServicePanel({ service, isOpen }: ServicePanelProps) {
  return (
    <Panel
      title={
        <span className="flex items-center gap-2 text-base">
          <Dot className={breakerLook[service.state].dot} />
          {serviceName(service.service)}
        </span>
      }
      aside={<BreakerActions service={service} />}
    >
      <KeyNote service={service.service} />
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-2">
        <Breaker service={service} />
        <LimiterFacts service={service} />
      </div>
      {isOpen ? (
        <ServiceDetails service={service.service} />
      ) : (
        <Button asChild size="sm" tone="ghost" className="mt-3 -ml-2.5">
          <Link to="/dependencies" search={{ service: service.service }}>
            Status and calls by day <ChevronRight />
          </Link>
        </Button>
      )}
    </Panel>
  );
}

function Breaker({ service }: { service: GuardedServiceView }) {
  const now = useNow();
  const { word, text } = breakerLook[service.state];
  return (
    <div>
      <p className="text-xs text-faint">Breaker</p>
      <p className="mt-0.5 text-lg font-medium">
        <span className={cn(text)}>{word}</span>
        {service.opened_at !== null && (
          <span className="ml-2 text-sm font-normal text-faint">
            opened <Instant at={service.opened_at} style="ago" />
          </span>
        )}
      </p>
      <p className="mt-1 max-w-prose text-sm text-soft">{breakerSentence(service, now)}</p>
    </div>
  );
}
