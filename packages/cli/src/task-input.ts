import { existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { CliError } from "./cli-error.ts";

/** What `task add` was given, once read: words to summarize, or a PDF. */
export type TaskSource = { kind: "text"; text: string } | { kind: "pdf"; name: string; bytes: Uint8Array };

/** Reads the argument of `task add`: `-` is standard input, the path of a file is that file, anything else is text. */
export async function readTaskSource(argument: string): Promise<TaskSource> {
  if (argument === "-") return sourceOf("standard input", await buffer(process.stdin));
  if (isFile(argument)) return sourceOf(argument, readFileSync(argument));
  if (isFolder(argument)) throw new CliError("badUsage", `${argument} is a folder: name a file in it.`);
  if (looksLikeFile(argument)) throw new CliError("badUsage", `There is no file ${argument}.`);
  return { kind: "text", text: argument };
}

function sourceOf(name: string, bytes: Uint8Array): TaskSource {
  const isPdf =
    name.toLowerCase().endsWith(".pdf") || Buffer.from(bytes.subarray(0, 5)).toString() === "%PDF-";
  if (isPdf) return { kind: "pdf", name: name === "standard input" ? "stdin.pdf" : basename(name), bytes };
  try {
    return { kind: "text", text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    throw new CliError("badUsage", `${name} is neither a PDF nor text in UTF-8.`);
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** A word that happens to be a folder's name here, such as docs, stays a text. */
function isFolder(path: string): boolean {
  return /[/\\]|^\.+$/.test(path) && existsSync(path) && statSync(path).isDirectory();
}

/** A mistyped path must not be summarized as if it were a text. */
function looksLikeFile(argument: string): boolean {
  return /^\S+\.(pdf|txt|md|html?|json|csv)$/i.test(argument);
}

/** JSON from the command line: the text itself, `@file`, or `-` for standard input. */
export async function readJson(option: string, value: string): Promise<unknown> {
  const text = await jsonText(option, value);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError("badUsage", `${option} is not JSON: ${(error as Error).message}.`);
  }
}

async function jsonText(option: string, value: string): Promise<string> {
  if (value === "-") return (await buffer(process.stdin)).toString("utf8");
  if (!value.startsWith("@")) return value;
  const path = value.slice(1);
  if (!isFile(path)) throw new CliError("badUsage", `${option}: there is no file ${path}.`);
  return readFileSync(path, "utf8");
}
