import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { ResetOptions } from "../run-reset.ts";

export function addResetCommand(program: Command): void {
  const command = program
    .command("reset")
    .description(
      "delete every task: our own keys in Redis, or the embedded store's file. Nothing else is touched",
    )
    .option("--confirm", "do it; without it this only shows what is there")
    .option("--force", "even while a gateway or a worker is alive")
    .option("--json", "print JSON")
    .action(async (options: ResetOptions) => {
      const { runReset } = await import("../run-reset.ts");
      await runReset(options);
    });
  withExamples(command, [
    ["workstream reset", "what would be deleted"],
    ["workstream reset --confirm", "delete it, unless something is running"],
  ]);
}
