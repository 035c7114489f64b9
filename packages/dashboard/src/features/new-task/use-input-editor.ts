import { useState } from "react";
import type { FormField } from "./form/form-model.ts";
import { emptyValue, type FormValue, fromInput, type MadeInput, toInput } from "./form/form-values.ts";
import { parseJson } from "./form/parse-json.ts";

type Mode = "form" | "json";
type Draft = { mode: Mode; value: FormValue; text: string };

/** An input in a form or as JSON; what is entered in one is there in the other. */
export function useInputEditor(model: FormField, input: unknown) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(model, input));
  const { mode, value, text } = draft;

  return {
    mode,
    value,
    text,
    setValue: (next: FormValue) => setDraft({ ...draft, value: next }),
    setText: (next: string) => setDraft({ ...draft, text: next }),
    read: (): MadeInput => (mode === "form" ? atInput(toInput(model, value)) : atInput(parseJson(text))),
    /** Why it can't be switched, or null. */
    switchTo(next: Mode): string | null {
      if (next === mode) return null;
      if (next === "json") {
        setDraft({ ...draft, mode: next, text: jsonOf(toInput(model, value).input) });
        return null;
      }
      const parsed = parseJson(text);
      if (parsed.faults.length > 0) return "Mend the JSON first.";
      const values = fromInput(model, parsed.input);
      if (values === null)
        return "The form can't hold this JSON: it has fields or values that the form does not know.";
      setDraft({ ...draft, mode: next, value: values });
      return null;
    },
  };
}

function draftOf(model: FormField, input: unknown): Draft {
  const isGiven = input !== undefined;
  const value = isGiven ? fromInput(model, input) : emptyValue(model);
  const mode = model.kind === "json" || value === null ? "json" : "form";
  const start = isGiven ? input : toInput(model, emptyValue(model)).input;
  return {
    mode,
    value: value ?? emptyValue(model),
    text: model.kind === "json" && !isGiven ? "" : jsonOf(start),
  };
}

function jsonOf(input: unknown): string {
  return JSON.stringify(input ?? {}, null, 2);
}

/** Where the gateway looks for it. */
function atInput({ input, faults }: MadeInput): MadeInput {
  return { input, faults: faults.map(({ pointer, detail }) => ({ pointer: `/input${pointer}`, detail })) };
}
