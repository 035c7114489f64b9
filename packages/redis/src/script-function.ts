/**
 * A script as a function that Redis keeps (FUNCTION LOAD), for those that run all the time.
 *
 * A script makes its Lua functions anew at each call, which costs much of its time when it moves a single task. In a library they
 * are made once, and only what a script keeps in locals is made anew: a `local name = value` at the left margin becomes a
 * local of the library which is given its value as each call begins, in the order of the text. So nothing of one call is seen
 * by the next, however it ended, and the files of lua/ don't know which way they are run.
 */
import { createHash } from "node:crypto";

/** Library and function have one name, with a digest of the text: programs of several versions may share a server. */
export type ScriptFunction = { name: string; library: string };

export type ScriptParts = {
  /** `#!lua`, perhaps with flags. */
  shebang: string;
  /** What the script includes, behind its prelude. */
  before: string;
  /** Its own lines. */
  main: string;
};

/** The last line of a part that is made when it is first needed. It is taken as it is. */
export const endOfLazy = "end -- lazy";

/** As locals they are reached faster. Redis has its own ready when a call begins, not yet when it loads the library. */
const globals =
  "redis, cjson, string, table, math, ipairs, pairs, next, type, tonumber, tostring, unpack, error, select";

/** A Lua function may use 60 locals from outside of it. */
const maxPerReset = 12;

export function scriptFunction(script: string, { shebang, before, main }: ScriptParts): ScriptFunction {
  const flags = /flags=(.+)$/.exec(shebang)?.[1]?.split(",") ?? [];
  const body = libraryBody(before, main);
  const digest = createHash("sha1").update(`${shebang}\n${body}`).digest("hex").slice(0, 12);
  const name = `workstream_${script.replaceAll("-", "_")}_${digest}`;
  const library = [
    `#!lua name=${name}`,
    "local run",
    "redis.register_function({",
    `  function_name = "${name}", flags = { ${flags.map((flag) => `"${flag}"`).join(", ")} },`,
    "  callback = function(keys, argv) return run(keys, argv) end,",
    "})",
    body,
  ];
  return { name, library: library.join("\n") };
}

function libraryBody(before: string, main: string): string {
  return [
    "local KEYS, ARGV",
    `local function theirs() return ${globals} end`,
    `local ${globals}`,
    "local resets = {}",
    ...withResets(before),
    "local function main()",
    main,
    "end",
    "run = function(keys, argv)",
    "  KEYS, ARGV = keys, argv",
    `  ${globals} = theirs()`,
    "  for i = 1, #resets do resets[i]() end",
    "  return main()",
    "end",
  ].join("\n");
}

/** Functions stay where they are; what else there is goes into resets between them. */
function withResets(text: string): string[] {
  const lines: string[] = [];
  let pending: string[] = [];
  const flush = () => {
    if (pending.length > 0) lines.push("resets[#resets + 1] = function()", ...pending, "end");
    pending = [];
  };
  for (const statement of statements(text)) {
    if (statement.startsWith("local function ")) {
      flush();
      lines.push(statement);
      continue;
    }
    const [, names, value] = /^local ([\w, ]+?)(?: =\s+([\s\S]*))?$/.exec(statement) ?? [];
    if (names) lines.push(`local ${names}`);
    pending.push(names ? `${names} = ${value ?? "nil"}` : statement);
    if (pending.length === maxPerReset) flush();
  }
  flush();
  return lines;
}

/** A statement begins at the left margin and ends before the next. */
function statements(text: string): string[] {
  const found: string[][] = [];
  let isLazy = false;
  for (const line of text.split("\n")) {
    const goesOn = isLazy || /^(\s|end\b|else|[})])/.test(line);
    if (goesOn) found.at(-1)?.push(line);
    else if (!line.startsWith("--") && line !== "") found.push([line]);
    isLazy = isLazy ? line !== endOfLazy : line.startsWith("local function make_made_");
  }
  return found.map((lines) => lines.join("\n"));
}
