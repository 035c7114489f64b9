/**
 * Turns a file of lua/ into the text that Redis runs.
 *
 * - `--@include name` is replaced by lua/lib/name.lua, once, after what that file itself includes.
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
  const body = include(lines.join("\n"), new Set());
  const keys = staticKeys.filter((key) => new RegExp(`\\b${key}Key\\b`).test(body));
  const text = `${shebang}\n${prelude(keys, shape)}\n${body}`;
  return { name, text, sha: createHash("sha1").update(text).digest("hex"), staticKeys: keys };
}

function include(text: string, included: Set<string>): string {
  return text.replace(/^--@include ([a-z-]+)$/gm, (_, name: string) => {
    if (included.has(name)) return "";
    included.add(name);
    return include(readLua(`lib/${name}.lua`), included);
  });
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
