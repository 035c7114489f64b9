import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import type { FakeOpenRouterCommandOptions } from "../run-fake-openrouter.ts";
import { wholeNumber } from "../whole-number.ts";

const faultHelp = `Faults, by name or status, with fields after commas:
  400 context-too-long · 401 key-invalid · 402 credits-exhausted, in-flight-budget, request-too-expensive ·
  403 moderation, guardrail, budget-spent · 404 model-missing · 408 request-timeout · 413 too-large ·
  422 unprocessable · 429 rate-limit · 500 server-error · 502 provider-unavailable · 503 overloaded ·
  504 gateway-timeout · down · reset · slow-first-byte · slow-drip · cut · short-stream · broken-json ·
  empty-answer · content-filter · error-in-choice · error-in-body · error-in-stream
Fields: next=<calls> · share=<0–1> · for=<ms> · model=<name> · prompt=<words> · on=chat|account|all · retry-after=<seconds> ·
  rate-limit=<calls> · reset-in=<ms> · resets-in=<seconds> · delay=<ms> · after=<pieces> · code=<n> ·
  error-type=<word> · message=<text>`;

export function addFakeOpenRouterCommand(program: Command): void {
  const command = program
    .command("fake-openrouter")
    .description("a server that speaks OpenRouter's protocol and fails on demand, to try the guards by hand")
    .option("--port <n>", "0 takes any free one", wholeNumber(0, 65_535), 4010)
    .option("--fail <fault...>", "how calls fail until told otherwise; several may be given")
    .option("--latency <ms>", "before the first byte of every answer", wholeNumber(0, 3_600_000), 300)
    .option("--piece-delay <ms>", "between two pieces of a stream", wholeNumber(0, 60_000), 50)
    .option(
      "--balance <credits>",
      "left of the key's limit; at 0 calls are refused",
      wholeNumber(0, 1_000_000),
    )
    .option("--limit <calls/interval>", "answer 429 to what exceeds it, such as 20/1m")
    .option("--check-key", "answer 401 to any key but test-key")
    .option("--verbose", "a line for each request")
    .action(async (options: FakeOpenRouterCommandOptions) => {
      const { runFakeOpenRouter } = await import("../run-fake-openrouter.ts");
      await runFakeOpenRouter(options);
    });
  withExamples(command.addHelpText("after", `\n${faultHelp}`), [
    ["workstream fake-openrouter --verbose", "answers everything, made up from the prompts"],
    ["workstream fake-openrouter --fail 429,retry-after=5,next=3", "the first three calls are one too many"],
    [
      "workstream fake-openrouter --fail 503,share=0.5 --fail slow-drip,delay=2000",
      "half are refused, half drip",
    ],
  ]);
}
