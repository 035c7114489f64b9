import { type Logger, pino, stdTimeFunctions } from "pino";
import pretty from "pino-pretty";
import type { Config } from "./config-schema.ts";

/** JSON lines on stdout; readable lines on a terminal. Both are written at once, so a crash loses none. */
export function createLogger({ LOG_LEVEL, LOG_FORMAT }: Pick<Config, "LOG_LEVEL" | "LOG_FORMAT">): Logger {
  const isPretty = LOG_FORMAT === "pretty" || (LOG_FORMAT === "auto" && process.stdout.isTTY === true);
  const options = { level: LOG_LEVEL, timestamp: stdTimeFunctions.isoTime, base: { pid: process.pid } };
  if (!isPretty) return pino(options, pino.destination({ dest: 1, sync: true }));
  const colorize = process.stdout.isTTY === true && process.stdout.hasColors();
  return pino(
    options,
    pretty({ colorize, sync: true, singleLine: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" }),
  );
}
