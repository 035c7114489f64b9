import type { Logger } from "@workstream/worker";

export type LogLine = { level: string; message: string; facts: Record<string, unknown> };

/** A logger that writes into a list, children included. */
export function collectingLogger(lines: LogLine[]): Logger {
  const write = (level: string) => (facts: Record<string, unknown>, message: string) => {
    lines.push({ level, message, facts });
  };
  const logger: Logger = {
    ...{ debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    child: () => logger,
  };
  return logger;
}
