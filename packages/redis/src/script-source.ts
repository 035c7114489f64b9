/**
 * Turns a file of lua/ into the text that Redis runs.
 *
 * - `--@include name` is replaced by lua/lib/name.lua, once, after what that file itself includes.
 * - `--@lazy a, b from name` makes functions `a` and `b` of that file when one is first called: each function that a script
 *   makes costs it a third of a microsecond, and most of what may happen to a task seldom does. What such a file keeps in
 *   locals of its own is its own, even where another lazy file includes the same.
 * - A prelude after the `#!lua` line binds locals, so that no script counts ARGV: an argument under its own name, a fixed
 *   key when the text names it (`activeKey`), the trailing records as tables in `records`. Values that trail the arguments as
 *   they are begin at `ARGV[firstTrailing]`. Fixed keys are named here and not sent: each one
 *   sent is work for whoever sends it and for Redis.
 * - `now` (ms) and `nowUs` are the store's time, or the injected clock's in a test; `nowText` is `now` as a string, for
 *   turning a number into one costs half a microsecond.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { staticKeys, staticNames } from "./keys.ts";
import { endOfLazy, type ScriptFunction, scriptFunction } from "./script-function.ts";

export type ScriptShape = {
  /** Bound as strings under these names. */
  args: readonly string[];
  /** Fields of each trailing record. */
  record?: readonly string[];
  /** It runs all the time. */
  isHot?: boolean;
};

export type ScriptSource = {
  name: string;
  text: string;
  sha: string;
  /** The same for Redis to keep, of a script that runs all the time. */
  kept: ScriptFunction | null;
};

/** Arguments that every script gets before its own. */
const commonArgs = ["clock", "prefix", "hasPeers", "ratio"] as const;

export function scriptSource(name: string, shape: ScriptShape): ScriptSource {
  const [shebang = "", ...lines] = readLua(`${name}.lua`).split("\n");
  const ownAt = lines.findLastIndex((line) => line.startsWith("--@")) + 1;
  const top = lines.slice(0, ownAt).join("\n");
  const included = include(top, { files: new Set(), lazyFiles: new Set(), isLazy: false });
  const main = lines.slice(ownAt).join("\n");
  const keys = boundKeys(`${included.replace(lazyParts, "")}\n${main}`);
  const before = `${prelude(shape)}\n${keys}\n${included}`;
  const text = `${shebang}\n${before}\n${main}`;
  const sha = createHash("sha1").update(text).digest("hex");
  const kept = shape.isHot ? scriptFunction(name, { shebang, before, main }) : null;
  return { name, text, sha, kept };
}

type Included = { files: Set<string>; lazyFiles: Set<string>; isLazy: boolean };

function include(text: string, included: Included): string {
  return text.replace(/^--@(include|lazy) (.+)$/gm, (_, how: string, what: string) => {
    if (how === "lazy") return lazily(what, included);
    const { files, lazyFiles, isLazy } = included;
    if (files.has(what)) return "";
    if (!isLazy && lazyFiles.has(what))
      throw new Error(`Include ${what} before the lazy files that include it.`);
    files.add(what);
    return include(readLua(`lib/${what}.lua`), included);
  });
}

/** `what`: "a, b from name" */
function lazily(what: string, { files, lazyFiles }: Included): string {
  const [functions = "", file = ""] = what.split(" from ");
  const inside = { files: new Set(files), lazyFiles, isLazy: true };
  const body = include(readLua(`lib/${file}.lua`), inside);
  if (/^--@lazy/m.test(body) || body.includes(endOfLazy))
    throw new Error(`${file} is lazy, and a part of it too.`);
  for (const name of inside.files) if (!files.has(name)) lazyFiles.add(name);
  const names = functions.split(", ");
  const made = `made_${file.replaceAll("-", "_")}`;
  return [
    `local ${made}`,
    `local function make_${made}()`,
    boundKeys(body),
    body,
    `return { ${names.map((name) => `${name} = ${name}`).join(", ")} }`,
    endOfLazy,
    ...names.map(
      (name) =>
        `local function ${name}(...) ${made} = ${made} or make_${made}() return ${made}.${name}(...) end`,
    ),
  ].join("\n");
}

function readLua(path: string): string {
  return readFileSync(new URL(`../lua/${path}`, import.meta.url), "utf8");
}

function prelude({ args, record }: ScriptShape): string {
  const named = [...commonArgs, ...args];
  return [
    `local ${named.join(", ")} = ${numbered("ARGV", named.length)}`,
    clockLua,
    `local firstTrailing = ${named.length + 1}`,
    record && record.length > 0 && recordsLua(record, named.length + 1),
  ]
    .filter(Boolean)
    .join("\n");
}

const lazyParts = /^local function make_made_[\s\S]*?^end -- lazy$/gm;

/** The fixed keys that a text names. */
function boundKeys(text: string): string {
  return staticKeys
    .filter((key) => new RegExp(`\\b${key}Key\\b`).test(text))
    .map((key) => `local ${key}Key = prefix .. "${staticNames[key]}"`)
    .join("\n");
}

function numbered(table: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${table}[${index + 1}]`).join(", ");
}

const clockLua = `local now, nowUs
if clock == "" then
  local time = redis.call("TIME")
  nowUs = time[1] * 1000000 + time[2]
  now = math.floor(nowUs / 1000)
else
  now = tonumber(clock)
  nowUs = now * 1000
end
local nowText = string.format("%.0f", now)`;

function recordsLua(fields: readonly string[], start: number): string {
  const bindings = fields.map((field, index) => `${field} = ARGV[at + ${index}]`).join(", ");
  return `local recordFields = { ${fields.map((field) => `"${field}"`).join(", ")} }
local records, recordCount = {}, 0
for at = ${start}, #ARGV, ${fields.length} do
  recordCount = recordCount + 1
  records[recordCount] = { ${bindings} }
end`;
}
