/** docker-compose.yml as compose reads it: with anchors merged and ${VARIABLES} filled in. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

export type Mount = { type: string; source: string; target: string; read_only?: boolean };

export type ComposeService = {
  image: string;
  user?: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: (string | Mount)[];
  healthcheck?: { test: string[] };
  profiles?: string[];
  init?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
  deploy?: { replicas: string; resources: { limits: { memory: string; cpus: string } } };
};

export type ComposeFile = { services: Record<string, ComposeService> };

/** `variables` are those of .env. */
export function readComposeFile(path: string, variables: Readonly<Record<string, string>> = {}): ComposeFile {
  return filledIn(parse(readFileSync(path, "utf8"), { merge: true }), variables) as ComposeFile;
}

/** The names between ${ and }, in the order of the file. */
export function composeVariables(path: string): string[] {
  const matches = readFileSync(path, "utf8").matchAll(/\$\{([A-Z_]+)/g);
  return [...new Set(Array.from(matches, ([, name]) => name ?? ""))];
}

function filledIn(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return interpolated(value, variables);
  if (Array.isArray(value)) return value.map((entry) => filledIn(entry, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, filledIn(entry, variables)]));
}

function interpolated(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{([A-Z_]+):-([^}]*)\}/g,
    (_, name: string, fallback: string) => variables[name] || fallback,
  );
}
