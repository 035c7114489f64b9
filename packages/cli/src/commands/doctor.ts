import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { withGatewayOptions } from "../gateway-options.ts";
import type { DoctorOptions } from "../run-doctor.ts";

export function addDoctorCommand(program: Command): void {
  const command = program
    .command("doctor")
    .description(
      "check the configuration, the store, the gateway and the workers; exits with 1 when a check fails",
    )
    .option(
      "--worker",
      "check only the worker of this machine: its heartbeat in Redis, and that it still claims",
    )
    .option("--json", "print JSON")
    .action(async (options: DoctorOptions) => {
      const { runDoctor } = await import("../run-doctor.ts");
      await runDoctor(options);
    });
  withExamples(withGatewayOptions(command), [
    ["workstream doctor", "what is wrong, and what to do about it"],
    ["workstream doctor --worker", "the health check of a worker's container"],
    ["workstream doctor --json | jq '.[] | select(.status != \"ok\")'", "only what is not well"],
  ]);
}
