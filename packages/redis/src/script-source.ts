/**
 * Turns a file of lua/ into the text that Redis runs.
 *
 * - `--@include name` is replaced by lua/lib/name.lua, once, after what that file itself includes.
 * - `--@lazy a, b from name` makes functions `a` and `b` of that file when one is first called: each function that a script
 *   makes costs it a third of a microsecond, and most of what may happen to a task seldom does. What such a file keeps in
 *   locals of its own is its own, even where another lazy file includes the same.
 * - A prelude after the `#!lua` line binds locals, so that no script counts KEYS and ARGV: a fixed key is bound when the
 *   text names it (`activeKey`), an argument under its own name, the trailing records as tables in `records`. Values that trail
 *   the arguments as they are begin at `ARGV[firstTrailing]`.
 * - `now` (ms) and `nowUs` are the store's time, or the injected clock's in a test; `nowText` is `now` as a string, for
 *   turning a number into one costs half a microsecond.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type StaticKey, staticKeys } from "./keys.ts";

export type ScriptShape = {
  /** Bound as strings under these names. */
  args: readonly string[];
  /** Fields of each trailing record. */
  record?: readonly string[];
};

export type ScriptSource = { name: string; text: string; sha: string; staticKeys: readonly StaticKey[] };

/** Arguments that every script gets before its own. */
const commonArgs = ["clock", "prefix", "hasPeers", "ratioNormal", "ratioWarning", "ratioCritical"] as const;

export function scriptSource(name: string, shape: ScriptShape): ScriptSource {
  const [shebang = "", ...lines] = readLua(`${name}.lua`).split("\n");
  const body = include(lines.join("\n"), { files: new Set(), lazyFiles: new Set(), isLazy: false });
  const keys = staticKeys.filter((key) => new RegExp(`\\b${key}Key\\b`).test(body));
  const text = `${shebang}\n${prelude(keys, shape)}\n${body}`;
  return { name, text, sha: createHash("sha1").update(text).digest("hex"), staticKeys: keys };
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
  for (const name of inside.files) if (!files.has(name)) lazyFiles.add(name);
  const names = functions.split(", ");
  const made = `made_${file.replaceAll("-", "_")}`;
  return [
    `local ${made}`,
    `local function make_${made}()`,
    body,
    `return { ${names.map((name) => `${name} = ${name}`).join(", ")} }`,
    "end",
    ...names.map(
      (name) =>
        `local function ${name}(...) ${made} = ${made} or make_${made}() return ${made}.${name}(...) end`,
    ),
  ].join("\n");
}

function readLua(path: string): string {
  return readFileSync(new URL(`../lua/${path}`, import.meta.url), "utf8");
}

function prelude(keys: readonly StaticKey[], { args, record }: ScriptShape): string {
  const named = [...commonArgs, ...args];
  return [
    keys.length > 0 &&
      `local ${keys.map((key) => `${key}Key`).join(", ")} = ${numbered("KEYS", keys.length)}`,
    `local ${named.join(", ")} = ${numbered("ARGV", named.length)}`,
    clockLua,
    `local firstTrailing = ${named.length + 1}`,
    record && record.length > 0 && recordsLua(record, named.length + 1),
  ]
    .filter(Boolean)
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
