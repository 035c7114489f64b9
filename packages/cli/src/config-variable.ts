import { z } from "zod";

/** Groups of variables, in the order of the documents. The note stands under the heading. */
export const variableGroups = {
  Store: "Where tasks are kept. Without REDIS_URL everything lives in one SQLite file, for one machine.",
  Gateway: "The HTTP face, and who may use it.",
  Worker: "What runs tasks.",
  Retries: "When a failed attempt is tried again, and when a task is given up.",
  Retention:
    "How long tasks stay after they came to rest; whichever limit is reached first removes the oldest.",
  Logs: "What the program says about itself.",
  Client: "For the commands that talk to a running gateway: task, queue, service, demo and doctor.",
  OpenRouter:
    "The language models behind summaries and PDF pages, and the guards around them. Without a key the built-in tasks work by themselves.",
  "Built-in tasks": "What summarize and pdfxtract do with a model.",
  Deployment:
    "For docker-compose.yml, which reads them from .env; the program itself checks them and uses none. docs/operations.md says more.",
} as const;
export type VariableGroup = keyof typeof variableGroups;

export type VariableInfo = {
  group: VariableGroup;
  /** One sentence. */
  description: string;
  /** What a value may be, completing "use …". */
  allowed: string;
  /** As one would write it; empty when there is none. */
  defaultText: string;
  isSecret: boolean;
};

/** What the documents and the error messages know of each variable's schema. */
export const variableInfo = z.registry<VariableInfo>();

type About = { group: VariableGroup; description: string };
type Ranged = About & { fallback: number; min: number; max: number };

export function integer({ group, description, fallback, min, max }: Ranged) {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .default(fallback)
    .register(variableInfo, {
      group,
      description,
      allowed: `a whole number from ${min} to ${max}`,
      defaultText: String(fallback),
      isSecret: false,
    });
}

/** The same without a default. */
export function optionalInteger({ group, description, min, max }: Omit<Ranged, "fallback">) {
  return z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max))
    .optional()
    .register(variableInfo, {
      group,
      description,
      allowed: `a whole number from ${min} to ${max}`,
      defaultText: "",
      isSecret: false,
    });
}

const booleans: Record<string, boolean> = {
  true: true,
  on: true,
  yes: true,
  1: true,
  false: false,
  off: false,
  no: false,
  0: false,
};

/** true or false; on, off, yes, no, 1 and 0 are taken for them. */
export function flag({ group, description, fallback }: About & { fallback: boolean }) {
  return z
    .string()
    .toLowerCase()
    .transform((word) => booleans[word])
    .pipe(z.boolean())
    .default(fallback)
    .register(variableInfo, {
      group,
      description,
      allowed: "true or false",
      defaultText: String(fallback),
      isSecret: false,
    });
}

/** A number with decimals; both ends are allowed. */
export function decimal({ group, description, fallback, min, max }: Ranged) {
  return z
    .string()
    .regex(/^(\d+(\.\d*)?|\.\d+)$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback)
    .register(variableInfo, {
      group,
      description,
      allowed: `a number from ${min} to ${max}`,
      defaultText: String(fallback),
      isSecret: false,
    });
}

/** One of a few words, in any case. `alsoKnownAs` maps words that are taken for one of them. */
export function choice<const T extends readonly [string, ...string[]]>(
  words: T,
  {
    group,
    description,
    fallback,
    alsoKnownAs = {},
  }: About & { fallback: T[number]; alsoKnownAs?: Record<string, T[number]> },
) {
  return z
    .string()
    .toLowerCase()
    .transform((word) => alsoKnownAs[word] ?? word)
    .pipe(z.enum(words))
    .default(fallback as z.util.NoUndefined<z.output<z.ZodEnum<z.util.ToEnum<T[number]>>>>)
    .register(variableInfo, {
      group,
      description,
      allowed: `one of ${words.join(", ")}`,
      defaultText: fallback,
      isSecret: false,
    });
}

type Matching = About & {
  pattern: RegExp;
  allowed: string;
  isSecret?: boolean;
  /** What a pattern can't say. */
  isAllowed?: (value: string) => boolean;
};

export function text({
  group,
  description,
  pattern,
  allowed,
  isSecret = false,
  isAllowed = () => true,
  fallback,
}: Matching & { fallback: string }) {
  return z
    .string()
    .regex(pattern)
    .refine(isAllowed)
    .default(fallback)
    .register(variableInfo, { group, description, allowed, defaultText: fallback, isSecret });
}

export function optionalText({
  group,
  description,
  pattern,
  allowed,
  isSecret = false,
  isAllowed = () => true,
}: Matching) {
  return z
    .string()
    .regex(pattern)
    .refine(isAllowed)
    .optional()
    .register(variableInfo, { group, description, allowed, defaultText: "", isSecret });
}

/** Values between commas; spaces around them don't count. Every entry must match. */
export function list({ group, description, pattern, allowed, isSecret = false }: Matching) {
  return z
    .string()
    .transform((value) =>
      value
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    )
    .pipe(z.array(z.string().regex(pattern)))
    .default([])
    .register(variableInfo, { group, description, allowed, defaultText: "", isSecret });
}
