/** What the program's exit codes mean: the one table that the program, its help and the documents share. */
export const exitCodes = {
  done: { code: 0, meaning: "done" },
  failed: { code: 1, meaning: "it failed, or a check did" },
  badUsage: { code: 2, meaning: "wrong usage or configuration" },
  unreachable: { code: 3, meaning: "the gateway or the store can't be reached" },
  notFound: { code: 4, meaning: "no such task, queue or service" },
  refused: { code: 5, meaning: "refused: the state of the task or of the system forbids it" },
  interrupted: { code: 130, meaning: "interrupted" },
} as const;

export type ExitReason = keyof typeof exitCodes;

export function exitCodeHelp(): string {
  const lines = Object.values(exitCodes).map(
    ({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`,
  );
  return ["Exit codes:", ...lines].join("\n");
}
