import { infoOf } from "./config-report.ts";
import { type VariableName, variableNames } from "./config-schema.ts";
import { type VariableGroup, type VariableInfo, variableGroups } from "./config-variable.ts";

const lineWidth = 100;

type Described = VariableInfo & { name: VariableName };

/** `.env.example`: every variable, every line commented out. */
export function renderEnvExample(): string {
  const head = [
    "Settings of Workstream. Copy this file to .env, or lines of it to one that is there, and take the # from those to change.",
    "The process environment wins over .env; an empty value means not set.",
  ];
  const groups = groupNames().map((group) => {
    const rule = `# ── ${group} ${"─".repeat(lineWidth - group.length - 6)}`;
    return [rule, ...commented(variableGroups[group]), "", ...variablesOf(group).flatMap(envLines)].join(
      "\n",
    );
  });
  return `${head.flatMap(commented).join("\n")}\n\n${groups.join("\n")}`;
}

function envLines(variable: Described): string[] {
  const secret = variable.isSecret ? " Secret." : "";
  const about = `${variable.description} Use ${variable.allowed}.${secret}`;
  return [...commented(about), `#${variable.name}=${variable.defaultText}`, ""];
}

function commented(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 3 > lineWidth) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `# ${line}`);
}

/** docs/configuration.md: the same as tables. */
export function renderConfigurationPage(): string {
  const head = `# Configuration

<!-- Generated from packages/cli/src/config-schema.ts by npm run docs. Change it there. -->

Every setting is an environment variable. A \`.env\` file in the working directory is read too; the process environment
wins over it, and an empty value means not set. The program checks all of them when it starts, reports every problem at
once and exits with 2. \`.env.example\` holds the same list, ready to copy.
`;
  const groups = groupNames().map((group) =>
    [
      `## ${group}`,
      "",
      variableGroups[group],
      "",
      "| variable | default | allowed | meaning |",
      "|---|---|---|---|",
      ...variablesOf(group).map(tableRow),
      "",
    ].join("\n"),
  );
  return [head, ...groups, retiredNames].join("\n");
}

const retiredNames = `## Names of the Celery deployment

\`CELERY_*\`, \`WORKER_PREFETCH_MULTIPLIER\` and \`DEBUG\` are no settings of this program. When one is set, a warning names its
replacement. \`CELERY_WORKER_CONCURRENCY\` still works as \`WORKER_CONCURRENCY\`.
`;

function tableRow({ name, defaultText, allowed, description, isSecret }: Described): string {
  const shownDefault = defaultText === "" ? "not set" : `\`${defaultText}\``;
  const meaning = isSecret ? `${description} Secret: never logged.` : description;
  return `| \`${name}\` | ${shownDefault} | ${allowed} | ${meaning} |`;
}

function groupNames(): VariableGroup[] {
  return Object.keys(variableGroups) as VariableGroup[];
}

function variablesOf(group: VariableGroup): Described[] {
  return variableNames
    .map((name) => ({ name, ...infoOf(name) }))
    .filter((variable) => variable.group === group);
}
