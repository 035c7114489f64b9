/** The search box's language: text to filter with everything that is wrong with it, and back. */
import type { ErrorType, TaskState } from "@workstream/core";
import { createdExamples, createdSpan } from "./created-span.ts";
import { quoteValue, type SearchToken, searchTokens } from "./search-tokens.ts";

export type TaskSearch = {
  status?: TaskState;
  type?: string;
  queue?: string;
  error?: ErrorType;
  group?: string;
  id?: string;
  /** As it was written: `24h` means another span in an hour. */
  created?: string;
};
export type Qualifier = keyof TaskSearch;

export type SearchProblem = {
  token: string;
  start: number;
  end: number;
  /** What is wrong, and what would be right. */
  message: string;
  /** What to put in its place, where that can be guessed. */
  remedy?: string;
};

export type ParsedSearch = { filter: TaskSearch; problems: SearchProblem[] };

/** In the order in which they are written. */
export const qualifiers = {
  status: "A state: pending, active, completed…",
  type: "The task's type",
  queue: "Where it waits or belongs",
  error: "The kind of its last error",
  group: "A group of dead letters",
  id: "A whole id, or its beginning",
  created: "24h, today, 2026-01-31, >2026-01-31",
} as const satisfies Record<Qualifier, string>;
export const qualifierNames = Object.keys(qualifiers) as Qualifier[];

const states: Record<TaskState, true> = {
  PENDING: true,
  ACTIVE: true,
  COMPLETED: true,
  FAILED: true,
  SCHEDULED: true,
  DLQ: true,
  CANCELLED: true,
};
export const stateNames = Object.keys(states) as TaskState[];

const errors: Record<ErrorType, true> = {
  InsufficientCredits: true,
  RateLimitError: true,
  ServiceUnavailable: true,
  NetworkTimeout: true,
  Default: true,
  PermanentError: true,
  DependencyError: true,
  ValidationError: true,
  WorkerLost: true,
  Expired: true,
};
export const errorNames = Object.keys(errors) as ErrorType[];

const looksLikeId = /^[0-9a-f][0-9a-f-]{3,}$/i;
const maxIdLength = 200;
const maxGroupLength = 100;
/** Any instant will do: here only the form is checked. */
const anyClock = { nowMs: 0, timeZone: "UTC" };

type Read<T> = { value: T } | { message: string; remedyValue?: string };

const readers: { [Name in Qualifier]: (value: string) => Read<NonNullable<TaskSearch[Name]>> } = {
  status: (value) => oneOf(value, stateNames, "state"),
  type: (value) => named(value, /^[a-z0-9][a-z0-9_-]{0,63}$/, "type"),
  queue: (value) => named(value, /^[a-z0-9-]{1,64}$/, "queue"),
  error: (value) => oneOf(value, errorNames, "kind of error"),
  group: (value) => bounded(value, maxGroupLength, "group"),
  id: (value) => bounded(value, maxIdLength, "id"),
  created: (value) =>
    createdSpan(value, anyClock) !== null
      ? { value: value.toLowerCase() }
      : { message: `“${value}” is no time. Write ${createdExamples}.` },
};

export function parseTaskSearch(text: string): ParsedSearch {
  const filter: TaskSearch = {};
  const problems: SearchProblem[] = [];
  for (const token of searchTokens(text)) {
    const problem = take(filter, token);
    if (problem === null) continue;
    const { message, remedy } = problem;
    const { text: typed, start, end } = token;
    problems.push({ token: typed, start, end, message, ...(remedy !== undefined && { remedy }) });
  }
  return { filter, problems };
}

/** The inverse: `parseTaskSearch(formatTaskSearch(filter))` is that filter, without problems. */
export function formatTaskSearch(filter: TaskSearch): string {
  return qualifierNames
    .flatMap((name) => (filter[name] === undefined ? [] : [formatQualifier(name, filter[name])]))
    .join(" ");
}

export function formatQualifier(name: Qualifier, value: string): string {
  return `${name}:${quoteValue(name === "status" ? value.toLowerCase() : value)}`;
}

type Wrong = { message: string; remedy?: string };

function take(filter: TaskSearch, token: SearchToken): Wrong | null {
  if (token.isOpen) return { message: "A quote is not closed.", remedy: `${token.text}"` };
  if (token.name === null) return takeWord(filter, token.value);
  if (!isQualifier(token.name)) return unknownQualifier(token);
  return takeQualifier(filter, token.name, token.value);
}

function takeQualifier(filter: TaskSearch, name: Qualifier, value: string): Wrong | null {
  if (filter[name] !== undefined) return { message: `${name}: can stand once only.` };
  if (value === "") return { message: `${name}: needs a value. ${qualifiers[name]}.` };
  const read = readers[name](value);
  if ("value" in read) {
    Object.assign(filter, { [name]: read.value });
    return null;
  }
  const { message, remedyValue } = read;
  return { message, ...(remedyValue !== undefined && { remedy: formatQualifier(name, remedyValue) }) };
}

function takeWord(filter: TaskSearch, word: string): Wrong | null {
  if (looksLikeId.test(word)) return takeQualifier(filter, "id", word);
  const state = stateNames.find((name) => name.toLowerCase() === word.toLowerCase());
  if (state) return { message: "Write a state as status:.", remedy: formatQualifier("status", state) };
  const error = errorNames.find((name) => name.toLowerCase() === word.toLowerCase());
  if (error) return { message: "Write a kind of error as error:.", remedy: formatQualifier("error", error) };
  const message = `“${word}” looks like no id. Search with ${qualifierList()}.`;
  return /^[a-z0-9][a-z0-9_-]*$/.test(word) ? { message, remedy: `type:${word}` } : { message };
}

function unknownQualifier({ name, value, text }: SearchToken): Wrong {
  const near = nearest(name ?? "", qualifierNames);
  const message = `“${text.slice(0, text.indexOf(":"))}:” can't be searched. There is ${qualifierList()}.`;
  return near === null
    ? { message }
    : { message, remedy: `${near}:${value === "" ? "" : quoteValue(value)}` };
}

function qualifierList(): string {
  return `${qualifierNames
    .slice(0, -1)
    .map((name) => `${name}:`)
    .join(", ")} and ${qualifierNames.at(-1)}:`;
}

export function isQualifier(name: string): name is Qualifier {
  return Object.hasOwn(qualifiers, name);
}

function oneOf<T extends string>(value: string, names: readonly T[], what: string): Read<T> {
  const found = names.find((name) => name.toLowerCase() === value.toLowerCase());
  if (found !== undefined) return { value: found };
  const isState = what === "state";
  const listed = names.map((name) => (isState ? name.toLowerCase() : name)).join(", ");
  const near = nearest(value, names);
  return {
    message: `“${value}” is no ${what}. There is ${listed}.`,
    ...(near !== null && { remedyValue: near }),
  };
}

function named(value: string, pattern: RegExp, what: string): Read<string> {
  if (pattern.test(value)) return { value };
  const small = value.toLowerCase();
  return {
    message: `“${value}” can't be the name of a ${what}: those are small letters, digits and dashes.`,
    ...(pattern.test(small) && { remedyValue: small }),
  };
}

function bounded(value: string, longest: number, what: string): Read<string> {
  return value.length <= longest
    ? { value }
    : { message: `An ${what} has at most ${longest} characters.`.replace("An g", "A g") };
}

/** The one that begins most alike; null where not even the first letter is the same. */
function nearest<T extends string>(word: string, names: readonly T[]): T | null {
  const shared = names.map((name) => sharedBeginning(word.toLowerCase(), name.toLowerCase()));
  const most = Math.max(...shared);
  return most === 0 ? null : (names[shared.indexOf(most)] ?? null);
}

function sharedBeginning(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}
