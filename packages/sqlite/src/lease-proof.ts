import type { Lease } from "@workstream/core";
import type { Connection } from "./connection.ts";

/** Whether a worker holds the lease of a task: ACTIVE, the same token and the same worker. */
export type LeaseProof = (workerId: string, lease: Lease) => boolean;

export function prepareLeaseProof(connection: Connection): LeaseProof {
  const find = connection.prepare("SELECT state, lease, worker_id FROM tasks WHERE id = ?");
  return (workerId, { id, token }) => {
    const [state, lease, holder] = find.first<[string, number, string | null]>(id) ?? [];
    return state === "ACTIVE" && String(lease) === token && holder === workerId;
  };
}
