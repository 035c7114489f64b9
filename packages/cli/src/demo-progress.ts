import { progress } from "@clack/prompts";
import { isTerminal as isAtRest } from "@workstream/core";
import type { DemoBoard, FollowedTask } from "./demo-board.ts";
import { exitCodes } from "./exit-codes.ts";

export type DemoProgress = {
  changed(task: FollowedTask, board: DemoBoard): void;
  finished(board: DemoBoard): void;
};

/** A bar that fills as tasks come to rest. */
export function showTerminalProgress(expected: number): DemoProgress {
  const interrupted = exitCodes.interrupted.code;
  // While the bar is there, clack keeps SIGINT and SIGTERM for itself, and answers a Ctrl-C with exit(0).
  const onCancel = () => process.exit(interrupted);
  const onExit = (code: number) => {
    if (code === 0) process.exitCode = interrupted;
  };
  const bar = progress({ max: Math.max(expected, 1), style: "block", onCancel });
  process.once("exit", onExit);
  bar.start("creating tasks");
  return {
    changed: (task, board) => {
      if (isAtRest(task.state)) bar.advance(1, board.counts());
      else bar.message(board.counts());
    },
    finished: (board) => {
      process.off("exit", onExit);
      bar.stop(summary(board));
    },
  };
}

/** A line for each change of state. */
export function showPlainProgress(write: (line: string) => void): DemoProgress {
  return {
    changed: ({ id, state, label }) => write(`${id} ${state} ${label}`),
    finished: (board) => write(summary(board)),
  };
}

function summary(board: DemoBoard): string {
  const left = board.unfinished.length;
  return `${board.tasks.length} tasks: ${board.counts()}${left > 0 ? `; ${left} not at rest yet` : ""}`;
}
