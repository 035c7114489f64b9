/**
 * The fingerprint of a cause: dead letters of one type and error type whose messages are the same, less what differs
 * from task to task, are one group: `{type}:{error type}:{hash}`.
 *
 * Burials that a store decides on itself (a lost worker, a hash that can't be read) have no message of a handler; their
 * group is `{type}:{error type}`.
 */
import type { ErrorType } from "./retry-policy.ts";
import { taskTypePattern } from "./task-names.ts";

/** Dead letters that nobody has grouped yet: an older version buried them, or another program wrote them. */
export const unknownErrorGroup = "unknown";

/** @param message what the handler threw; absent for a burial that the store decided on */
export function errorGroup(type: string, errorType: ErrorType, message?: string): string {
  const word = `${taskTypePattern.test(type) ? type : unknownErrorGroup}:${errorType}`;
  return message === undefined ? word : `${word}:${messageFingerprint(message)}`;
}

/** 14 characters of a–z and 0–9 that are the same for messages which differ in names and numbers alone. */
export function messageFingerprint(message: string): string {
  const text = normalizedMessage(message);
  return [0x811c9dc5, 0x2f0b4a1d].map((basis) => hash32(text, basis).toString(36).padStart(7, "0")).join("");
}

/** The rest of a longer message tells nothing more about the cause. */
const maxMessage = 1_000;

/** In this order: each finds what the ones before have left. */
const placeholders: readonly [found: RegExp, placeholder: string][] = [
  [/\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>)\]]+/gi, "<url>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, "<date>"],
  [/"[^"\n]*"|`[^`\n]*`|(?<!\w)'[^'\n]*'(?!\w)|“[^”\n]*”/g, "<text>"],
  [/(?<![\w<])(?:~|\.{1,2}|[a-z]:)?(?:[\\/][\w.@~-]+){2,}[\\/]?/gi, "<path>"],
  [/\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, "<hex>"],
  [/\d+(?:[.,:]\d+)*/g, "<n>"],
];

function normalizedMessage(message: string): string {
  let text = message.slice(0, maxMessage);
  for (const [found, placeholder] of placeholders) text = text.replace(found, placeholder);
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** FNV-1a over UTF-16 units; with two bases 64 bits, for core has no crypto. */
function hash32(text: string, basis: number): number {
  let hash = basis;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
