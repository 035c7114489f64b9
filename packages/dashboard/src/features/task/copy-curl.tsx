import { useQuery } from "@tanstack/react-query";
import type { TaskDetail } from "@workstream/core";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { curlOf } from "../../lib/task-curl.ts";
import { requestOf } from "../../lib/task-request.ts";
import { CopyButton } from "../../ui/copy-button.tsx";

/** The request that would make this task once more. */
export function CopyCurl({ task }: { task: TaskDetail }) {
  const { data: gateway } = useQuery(fleetQueries.gateway);
  const text = () => curlOf(requestOf(task), { origin: location.origin, wantsKey: gateway?.auth === "keys" });
  return (
    <CopyButton text={text} label="Copy the request that makes this task">
      Copy as curl
    </CopyButton>
  );
}
