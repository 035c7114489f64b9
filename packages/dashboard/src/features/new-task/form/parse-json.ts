import type { MadeInput } from "./form-values.ts";

/** A text as JSON, or what is wrong with it. */
export function parseJson(text: string): MadeInput {
  try {
    return { input: JSON.parse(text), faults: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const detail = text.trim() === "" ? "It is required." : `This is no JSON: ${why}`;
    return { input: undefined, faults: [{ pointer: "", detail }] };
  }
}
