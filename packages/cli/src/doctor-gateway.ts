import type { GatewayHealth, StoreHealthView, WorkerDetail, WorkerFleet } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import { type DoctorCheck, fail, ok, warn } from "./doctor-check.ts";
import { checkServices } from "./doctor-service.ts";
import type { GatewayClient } from "./gateway-client.ts";

/**
 * The gateway, and through it the store and the workers when no Redis says it better.
 * @param isExpected someone named the gateway, so its absence is a fault; otherwise it may just not be started yet
 */
export async function checkGateway(
  gateway: GatewayClient,
  { isExpected, asksFleet }: { isExpected: boolean; asksFleet: boolean },
): Promise<DoctorCheck[]> {
  try {
    const health = await gateway.get<GatewayHealth>("/health");
    const fleet = asksFleet ? await fleetChecks(gateway) : [];
    return [gatewayCheck(gateway.url, health), ...fleet, ...(await checkServices(gateway))];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [
      isExpected || error.reason !== "unreachable"
        ? fail("gateway", error.message)
        : warn("gateway", error.message),
    ];
  }
}

function gatewayCheck(url: string, { status, note }: GatewayHealth): DoctorCheck {
  if (status === "healthy") return ok("gateway", `${url} is healthy.`);
  const found = status === "degraded" ? warn : fail;
  return found("gateway", `${url} is ${status}.`, note);
}

async function fleetChecks(gateway: GatewayClient): Promise<DoctorCheck[]> {
  const store = await gateway.get<StoreHealthView>("/api/v1/redis/health");
  const { worker_details: workers } = await gateway.get<WorkerFleet>("/api/v1/workers");
  const isWell = store.status === "healthy";
  return [(isWell ? ok : fail)("store", store.message), ...workers.map(workerCheck)];
}

function workerCheck(worker: WorkerDetail): DoctorCheck {
  const name = `worker ${worker.worker_id}`;
  if (worker.status === "stale") {
    return warn(
      name,
      `Silent for ${Math.round(worker.heartbeat_age_seconds)} s.`,
      "A handler may be holding its event loop.",
    );
  }
  return ok(name, `${worker.status}, ${worker.active_tasks} of ${worker.concurrency} slots busy`);
}
