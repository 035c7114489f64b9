/** The guarded services: those that this program knows, and those that the fleet has ever used. */
import {
  type GuardedServiceView,
  type ServiceDirectory,
  type ServiceGuards,
  type ServiceGuardView,
  type ServiceInfo,
  serviceNamePattern,
  toGuardedService,
  WorkstreamError,
} from "@workstream/core";

type Parts = { guards: Pick<ServiceGuards, "read" | "list">; directory: ServiceDirectory };

/** Every service, by name. */
export async function listServices({ guards, directory }: Parts): Promise<GuardedServiceView[]> {
  const views = new Map((await guards.list()).map((view) => [view.service, view]));
  const names = new Set([...directory.list().map(({ name }) => name), ...views.keys()]);
  return [...names].sort().map((name) => {
    return toGuardedService(name, { info: directory.get(name) ?? null, view: views.get(name) ?? null });
  });
}

export type FoundService = {
  info: ServiceInfo | null;
  view: ServiceGuardView | null;
  guarded: GuardedServiceView;
};

/** @throws unknown_service */
export async function findService({ guards, directory }: Parts, name: string): Promise<FoundService> {
  const info = directory.get(name) ?? null;
  const view = serviceNamePattern.test(name) ? await guards.read(name) : null;
  if (info === null && view === null) throw unknownService(name, directory);
  return { info, view, guarded: toGuardedService(name, { info, view }) };
}

function unknownService(name: string, directory: ServiceDirectory): WorkstreamError {
  const known = directory.list().map((info) => info.name);
  const advice = known.length > 0 ? `Known are ${known.join(", ")}.` : "None is known.";
  return new WorkstreamError(
    "unknown_service",
    `There is no service ${JSON.stringify(name.slice(0, 64))}. ${advice}`,
  );
}
