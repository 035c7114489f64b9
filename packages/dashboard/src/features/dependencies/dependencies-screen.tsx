import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { GuardedServiceView } from "@workstream/core";
import { Plug } from "lucide-react";
import { countOf } from "../../lib/format/numbers.ts";
import { serviceSubject } from "../../lib/format/service-name.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { ServicePanel } from "./service-panel.tsx";

/** The services that tasks call: whether they may be called now, how fast, and what that costs. */
export function DependenciesScreen() {
  const services = useQuery(fleetQueries.services);
  const { service: chosen } = useSearch({ from: "/dependencies" });
  return (
    <>
      <PageHeader
        title={services.data ? headline(services.data.services) : "Dependencies"}
        documentTitle="Dependencies"
        summary="One breaker and one limit around each service, shared by every worker."
      />
      <QueryView
        query={services}
        isEmpty={({ services: list }) => list.length === 0}
        empty={
          <Panel>
            <EmptyState icon={<Plug />} title="No task type names a service yet">
              Name one with <code>defineService</code>, and call it through{" "}
              <code>ctx.service(name).call(…)</code>: its breaker and its limit then stand here.
            </EmptyState>
          </Panel>
        }
      >
        {({ services: list }) => (
          <div className="flex flex-col gap-4">
            {troubledFirst(list).map((service) => (
              <ServicePanel
                key={service.service}
                service={service}
                isOpen={list.length === 1 || service.service === chosen}
              />
            ))}
          </div>
        )}
      </QueryView>
    </>
  );
}

function troubledFirst(services: readonly GuardedServiceView[]): GuardedServiceView[] {
  return [...services].sort((a, b) => Number(a.state === "closed") - Number(b.state === "closed"));
}

function headline(services: readonly GuardedServiceView[]): string {
  const open = services.filter(({ state }) => state !== "closed");
  const held = services.filter(({ state, limiter }) => state === "closed" && limiter?.held_until);
  if (open.length > 0) return `${names(open)} ${open.length === 1 ? "is" : "are"} not called`;
  if (held.length > 0) return `${names(held)} asked for a pause`;
  return services.length === 0 ? "Dependencies" : `${countOf(services.length, "service")}, none in trouble`;
}

function names(services: readonly GuardedServiceView[]): string {
  const [only, ...others] = services.map(({ service }) => service);
  if (only === undefined) return "";
  return others.length === 0
    ? serviceSubject(only)
    : `Services ${new Intl.ListFormat("en").format([only, ...others])}`;
}
