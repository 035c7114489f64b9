import type { Logger } from "pino";
import { exitCodes } from "./exit-codes.ts";

/** Why the process is to end: someone asked, or an error that nobody caught. */
export type StopReason = { kind: "signal"; signal: NodeJS.Signals } | { kind: "crash"; error: unknown };

/**
 * Resolves with the first reason to stop. After that a second Ctrl-C exits at once; another SIGTERM changes nothing,
 * for supervisors repeat it.
 *
 * Errors that nobody caught come here too: a user's handler may leave a rejection unhandled, and what the process
 * runs must be handed back before it goes.
 */
export function awaitStop(logger: Logger): Promise<StopReason> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (reason: StopReason) => {
      if (isStopping && reason.kind === "signal" && reason.signal === "SIGINT")
        process.exit(exitCodes.interrupted.code);
      isStopping = true;
      resolve(reason);
    };
    process.on("SIGTERM", (signal) => stop({ kind: "signal", signal }));
    process.on("SIGINT", (signal) => stop({ kind: "signal", signal }));
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
      process.on(event, (error: unknown) => {
        logger.fatal({ err: error }, `${event}: the process hands back what it runs and ends`);
        stop({ kind: "crash", error });
      });
    }
  });
}
