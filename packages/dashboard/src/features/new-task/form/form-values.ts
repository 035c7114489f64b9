/** What someone has entered, and how it becomes an input and back. */
import { isDeepEqual } from "./deep-equal.ts";
import type { FormField, FormNode, Scalar } from "./form-model.ts";
import { parseJson } from "./parse-json.ts";

/**
 * What a control holds. Texts and numbers as typed; a choice by its place in the options, a boolean as `true` or `false`, and
 * "" for none; a list by its items, a group by its fields; JSON as typed.
 */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

/** A fault, at the place that a JSON pointer names. */
export type FormFault = { pointer: string; detail: string };
export type MadeInput = { input: unknown; faults: FormFault[] };

/** With what the schema falls back to filled in. */
export function emptyValue(field: FormField): FormValue {
  if (field.fallback !== undefined) return fromInput(field, field.fallback) ?? blank(field);
  return field.kind === "boolean" && field.isRequired ? "false" : blank(field);
}

function blank(node: FormNode): FormValue {
  switch (node.kind) {
    case "group":
      return Object.fromEntries(node.fields.map((field) => [field.name, emptyValue(field)]));
    case "list":
      return Array.from({ length: node.minItems }, () => "");
    case "choice":
      return node.options.length === 1 ? "0" : "";
    default:
      return "";
  }
}

/** What is entered as the input that it means; whatever is at fault is left out of it. */
export function toInput(field: FormField, value: FormValue): MadeInput {
  const faults: FormFault[] = [];
  const input = read(field, value, { pointer: "", faults });
  return { input, faults };
}

type Reading = { pointer: string; faults: FormFault[] };

function read(field: FormField, value: FormValue, reading: Reading): unknown {
  if (isLeftOut(field, value)) {
    if (field.isNullable) return field.isRequired ? null : undefined;
    if (field.isRequired && field.kind !== "text") fault(reading, "It is required.");
    return field.isRequired && field.kind === "text" ? readText(field, "", reading) : undefined;
  }
  return readNode(field, value, reading);
}

/** Nothing entered. A list or a group that must be there is there with nothing in it. */
function isLeftOut(field: FormField, value: FormValue): boolean {
  if (typeof value === "string")
    return field.kind === "text" && field.isLong ? value === "" : value.trim() === "";
  if (field.isRequired) return false;
  if (Array.isArray(value)) return value.length === 0;
  return field.kind === "group" && isUntouched(field, value);
}

/** Whether a group holds nothing but what it falls back to. */
function isUntouched(field: FormField, value: FormValue): boolean {
  return isDeepEqual(value, blank(field));
}

function readNode(node: FormNode, value: FormValue, reading: Reading): unknown {
  switch (node.kind) {
    case "text":
      return readText(node, String(value), reading);
    case "number":
      return readNumber(node, String(value), reading);
    case "boolean":
      return value === "true";
    case "choice":
      return node.options[Number(value)]?.value;
    case "list":
      return readList(node, Array.isArray(value) ? value : [], reading);
    case "group":
      return readGroup(node, value, reading);
    default:
      return readJson(String(value), reading);
  }
}

type NodeOf<Kind extends FormNode["kind"]> = Extract<FormNode, { kind: Kind }>;

function readText(node: NodeOf<"text">, text: string, reading: Reading): string {
  const { minLength, maxLength } = node;
  if (text === "" && minLength !== null && minLength > 0) fault(reading, "It is required.");
  else if (minLength !== null && text.length < minLength)
    fault(reading, `It needs ${minLength} characters or more.`);
  if (maxLength !== null && text.length > maxLength)
    fault(reading, `It may have ${maxLength} characters at most.`);
  if (node.input === "datetime" && text !== "") return isoOf(text, reading);
  return text;
}

/** A local time without a zone, as browsers give it, as the instant that it is here. */
function isoOf(text: string, reading: Reading): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) fault(reading, "It must be a date and a time.");
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

function readNumber(node: NodeOf<"number">, text: string, reading: Reading): number | undefined {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    fault(reading, "It must be a number.");
    return undefined;
  }
  if (node.isInteger && !Number.isInteger(value)) fault(reading, "It must be a whole number.");
  if (node.min !== null && value < node.min) fault(reading, `It must be ${node.min} or more.`);
  if (node.max !== null && value > node.max) fault(reading, `It must be ${node.max} or less.`);
  return value;
}

function readList(node: NodeOf<"list">, values: readonly FormValue[], reading: Reading): unknown[] {
  if (values.length < node.minItems) fault(reading, `It needs ${node.minItems} or more.`);
  if (node.maxItems !== null && values.length > node.maxItems)
    fault(reading, `It may have ${node.maxItems} at most.`);
  return values.map((value, index) => {
    const place = { ...reading, pointer: `${reading.pointer}/${index}` };
    if (node.item.kind === "choice" && value === "") fault(place, "It is required.");
    return readNode(node.item, value, place);
  });
}

function readGroup(node: NodeOf<"group">, value: FormValue, reading: Reading): Record<string, unknown> {
  const values = isRecord(value) ? value : {};
  const entries = node.fields.map((field) => {
    const pointer = `${reading.pointer}/${escapeToken(field.name)}`;
    return [field.name, read(field, values[field.name] ?? "", { ...reading, pointer })] as const;
  });
  return Object.fromEntries(entries.filter(([, input]) => input !== undefined));
}

function readJson(text: string, reading: Reading): unknown {
  const { input, faults } = parseJson(text);
  for (const { detail } of faults) fault(reading, detail);
  return input;
}

function fault({ pointer, faults }: Reading, detail: string): void {
  faults.push({ pointer, detail });
}

/** As RFC 6901 writes a name in a pointer. */
function escapeToken(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

export function pointerTo(pointer: string, name: string | number): string {
  return `${pointer}/${typeof name === "number" ? name : escapeToken(name)}`;
}

/** An input as values of the form; null where the form can't hold it. */
export function fromInput(node: FormNode, input: unknown): FormValue | null {
  switch (node.kind) {
    case "text":
      return typeof input === "string" ? (node.input === "datetime" ? localOf(input) : input) : null;
    case "number":
      return typeof input === "number" ? String(input) : null;
    case "boolean":
      return typeof input === "boolean" ? String(input) : null;
    case "choice":
      return placeOf(node, input);
    case "list":
      return Array.isArray(input) ? allOrNone(input.map((item) => fromInput(node.item, item))) : null;
    case "group":
      return isRecord(input) ? fromObject(node, input) : null;
    default:
      return JSON.stringify(input, null, 2);
  }
}

function placeOf(node: NodeOf<"choice">, input: unknown): FormValue | null {
  const index = node.options.findIndex(({ value }: { value: Scalar }) => value === input);
  return index === -1 ? null : String(index);
}

function fromObject(node: NodeOf<"group">, input: Record<string, unknown>): FormValue | null {
  const known = new Set(node.fields.map(({ name }) => name));
  if (Object.keys(input).some((name) => !known.has(name))) return null;
  const values = node.fields.map((field) => {
    const given = input[field.name];
    // What was left out stays out, where it has no fallback to come back to.
    if (given === undefined || (given === null && field.isNullable)) return blank(field);
    return fromInput(field, given);
  });
  const all = allOrNone(values);
  return all && Object.fromEntries(node.fields.map(({ name }, index) => [name, all[index] ?? ""]));
}

function allOrNone(values: (FormValue | null)[]): FormValue[] | null {
  return values.every((value) => value !== null) ? values : null;
}

/** `2026-03-01T09:30`, as a date-time control wants it, in this browser's zone. */
function localOf(iso: string): string | null {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return null;
  const offsetMs = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offsetMs).toISOString().slice(0, 16);
}

function isRecord(value: unknown): value is Record<string, never> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
