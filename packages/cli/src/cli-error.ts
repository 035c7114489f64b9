import type { ExitReason } from "./exit-codes.ts";

/** An end of the program that its user can act on: the message is printed as it stands, without a stack. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
