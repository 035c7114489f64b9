import { useQueryClient } from "@tanstack/react-query";
import type { BreakerResult, GuardedServiceView } from "@workstream/core";
import { client } from "../../lib/client.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

/** Reset and force open, each after a question. */
export function BreakerActions({
  service: { service, state, retry_at: retryAt },
}: {
  service: GuardedServiceView;
}) {
  const queries = useQueryClient();
  const mayOperate = useMayOperate();
  if (!mayOperate) return null;
  const isForced = state === "open" && retryAt === null;
  const act = (verb: "reset" | "open") => async () => {
    const { results } = await client.breakers[verb](service);
    await queries.invalidateQueries({ queryKey: ["services"] });
    throwFailure(results);
  };
  return (
    <span className="flex gap-2">
      {state !== "closed" && (
        <ConfirmDialog
          trigger={<Button size="sm">Reset</Button>}
          title={`Close the breaker of ${service}?`}
          description="Calls go out again at once, from a tenth of the limit upwards. If the service is still down, it opens again after a few failures."
          confirmLabel="Reset"
          isDangerous={false}
          onConfirm={act("reset")}
        />
      )}
      {!isForced && (
        <ConfirmDialog
          trigger={
            <Button size="sm" tone="danger">
              Force open
            </Button>
          }
          title={`Stop every call to ${service}?`}
          description="The whole fleet stops calling it until somebody resets it. Its tasks are parked; no attempt is used up."
          confirmLabel="Force open"
          onConfirm={act("open")}
        />
      )}
    </span>
  );
}

function throwFailure(results: readonly BreakerResult[]): void {
  const failed = results.find(({ status }) => status === "error");
  if (failed) throw new Error(failed.error ?? "The breaker was not changed.");
}
