import { RotateCcw, Trash2 } from "lucide-react";
import { client } from "../../lib/client.ts";
import { countOf } from "../../lib/format/numbers.ts";
import { Button } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";

const sampleSize = 10;

type DeadLetterActionsProps = {
  /** Of the group, or of all. */
  total: number;
  /** Absent: every dead letter. */
  group?: string;
  onStarted: (operationId: string) => void;
};

/** Retry a sample, retry all, purge: each with its number, and none without a question. */
export function DeadLetterActions({ total, group, onStarted }: DeadLetterActionsProps) {
  const filter = group === undefined ? {} : { error_group: group };
  const whose = group === undefined ? "" : " with this cause";
  const retry = async (limit?: number) => {
    const started = await client.queues.retryDeadLetters({
      filter,
      reset_retry_count: true,
      ...(limit && { limit }),
    });
    onStarted(started.operation_id);
  };
  const purge = async () => onStarted((await client.queues.purgeDeadLetters({ filter })).operation_id);
  return (
    <>
      {total > sampleSize && (
        <ConfirmDialog
          trigger={<Button size="sm">Retry {sampleSize}</Button>}
          title={`Retry ${sampleSize} of ${countOf(total, "task")}${whose}?`}
          description="The newest ones, with all their retries again: to see whether the cause is mended before the rest follows."
          confirmLabel={`Retry ${sampleSize} tasks`}
          isDangerous={false}
          onConfirm={() => retry(sampleSize)}
        />
      )}
      <ConfirmDialog
        trigger={
          <Button size="sm">
            <RotateCcw /> Retry all
          </Button>
        }
        title={`Retry ${countOf(total, "task")}${whose}?`}
        description="They go back to their queues with all their retries again. Their history is kept."
        confirmLabel={`Retry ${countOf(total, "task")}`}
        isDangerous={false}
        onConfirm={() => retry()}
      />
      <ConfirmDialog
        trigger={
          <Button size="sm" tone="danger">
            <Trash2 /> Purge
          </Button>
        }
        title={`Purge ${countOf(total, "task")}${whose}?`}
        description="They are deleted with their input and their history. This can't be undone."
        confirmLabel={`Purge ${countOf(total, "task")}`}
        onConfirm={purge}
      />
    </>
  );
}
