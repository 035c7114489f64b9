import type { TaskDetail } from "@workstream/core";
import { useSyncExternalStore } from "react";
import { formatShare } from "../../../lib/format/numbers.ts";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { JsonView } from "../../../ui/json-view.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { LiveOutput } from "./live-output.tsx";
import { readProgress } from "./read-progress.ts";
import type { TaskStream } from "./use-task-stream.ts";

type LivePanelProps = { task: TaskDetail; stream: TaskStream; hasEnded: boolean };

/** How far a task is and what it writes; of one that ended without a result, what it had written. */
export function LivePanel({ task, stream, hasEnded }: LivePanelProps) {
  const { output } = stream;
  const isSilent = useSyncExternalStore(output.subscribe, output.isEmpty);
  const progress = hasEnded ? null : readProgress(task.progress);
  if (task.state === "COMPLETED" || (isSilent && progress === null)) return null;
  return (
    <Panel
      title={hasEnded ? "Written before it ended" : "Now"}
      aside={!isSilent && <CopyButton text={output.text} label="Copy what is written" />}
    >
      {progress !== null && <Progress progress={progress} />}
      {!isSilent && <LiveOutput output={output} />}
    </Panel>
  );
}

function Progress({ progress }: { progress: NonNullable<ReturnType<typeof readProgress>> }) {
  const { share, text, rest } = progress;
  return (
    <div className="mb-3 last:mb-0">
      <div className="flex items-baseline gap-3 text-sm">
        {text !== null && <span className="min-w-0 break-words">{text}</span>}
        {share !== null && <span className="tabular ml-auto text-soft">{formatShare(share)}</span>}
      </div>
      {share !== null && (
        <progress
          aria-label="Progress"
          value={share}
          max={1}
          className="mt-1.5 block h-1.5 w-full appearance-none overflow-hidden rounded-full [&::-moz-progress-bar]:bg-active [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-active"
        />
      )}
      {Object.keys(rest).length > 0 && (
        <div className="mt-2">
          <JsonView value={rest} label="Progress as told" />
        </div>
      )}
    </div>
  );
}
