/** What may stand where the caret is. */
import { taskStateLook } from "../../../lib/task-state-look.ts";
import { type SearchToken, searchTokens } from "./search-tokens.ts";
import {
  errorNames,
  formatQualifier,
  isQualifier,
  type Qualifier,
  qualifierNames,
  qualifiers,
  stateNames,
} from "./task-search.ts";

/** Values that the gateway told of. */
export type KnownValues = { types: readonly string[]; queues: readonly string[] };

export type Suggestion = {
  text: string;
  describes: string;
  /** A value is still to come: the box stays open. */
  isBeginning: boolean;
};
export type Suggestions = { start: number; end: number; options: Suggestion[] };

const maxOptions = 10;
const createdValues: readonly (readonly [string, string])[] = [
  ["1h", "the last hour"],
  ["24h", "the last 24 hours"],
  ["today", "since midnight"],
  ["yesterday", "the day before"],
  ["7d", "the last seven days"],
];

export function suggestionsAt(text: string, caret: number, known: KnownValues): Suggestions {
  const tokens = searchTokens(text);
  const token = tokens.find(({ start, end }) => start < caret && caret <= end);
  const taken = new Set(tokens.filter((each) => each !== token).map(({ name }) => name));
  const { start, end } = token ?? { start: caret, end: caret };
  const options =
    token?.name != null && isQualifier(token.name)
      ? valueOptions(token.name, token.value, known)
      : token === undefined || token.name === null
        ? wordOptions(token, { taken, known })
        : [];
  return { start, end, options: options.slice(0, maxOptions) };
}

/** The text with one suggestion taken, and where the caret goes. */
export function withSuggestion(
  text: string,
  { start, end }: Suggestions,
  { text: chosen, isBeginning }: Suggestion,
): { text: string; caret: number } {
  const inserted = isBeginning ? chosen : `${chosen} `;
  const behind = text.slice(end);
  const rest = isBeginning ? behind : behind.replace(/^\s+/, "");
  return { text: text.slice(0, start) + inserted + rest, caret: start + inserted.length };
}

type Around = { taken: ReadonlySet<string | null>; known: KnownValues };

function wordOptions(token: SearchToken | undefined, { taken, known }: Around): Suggestion[] {
  const typed = token?.value.toLowerCase() ?? "";
  const names = qualifierNames.filter((name) => !taken.has(name) && name.startsWith(typed));
  const beginnings = names.map((name) => ({
    text: `${name}:`,
    describes: qualifiers[name],
    isBeginning: true,
  }));
  if (typed === "") return beginnings;
  const values = (["status", "type", "queue", "error"] as const)
    .filter((name) => !taken.has(name))
    .flatMap((name) =>
      valueOptions(name, typed, known).filter(({ text }) => text.toLowerCase().includes(`:${typed}`)),
    );
  return [...beginnings, ...values];
}

function valueOptions(name: Qualifier, typed: string, known: KnownValues): Suggestion[] {
  const wanted = typed.toLowerCase();
  const values = valuesOf(name, known).filter(([value]) => value.toLowerCase().includes(wanted));
  const rank = (value: string) => (value.toLowerCase().startsWith(wanted) ? 0 : 1);
  return values
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([value, describes]) => ({ text: formatQualifier(name, value), describes, isBeginning: false }));
}

function valuesOf(name: Qualifier, { types, queues }: KnownValues): readonly (readonly [string, string])[] {
  switch (name) {
    case "status":
      return stateNames.map((state) => [state, taskStateLook[state].describes] as const);
    case "type":
      return types.map((type) => [type, "a task type"] as const);
    case "queue":
      return queues.map((queue) => [queue, queueWords[queue] ?? "a queue"] as const);
    case "error":
      return errorNames.map((error) => [error, "a kind of error"] as const);
    case "created":
      return createdValues;
    default:
      return [];
  }
}

const queueWords: Record<string, string | undefined> = {
  primary: "the queue without a name of its own",
  retry: "retries that wait in primary",
  scheduled: "what waits for its time",
  dlq: "dead letters",
};
