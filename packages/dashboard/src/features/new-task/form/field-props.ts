import type { FormField } from "./form-model.ts";
import type { FormFault, FormValue } from "./form-values.ts";

export type SchemaFieldProps<Node = FormField> = {
  field: Node;
  value: FormValue;
  onChange: (value: FormValue) => void;
  /** Where the field stands in the request. */
  pointer: string;
  faults: readonly FormFault[];
};

export function faultAt(faults: readonly FormFault[], pointer: string): string | null {
  return faults.find((fault) => fault.pointer === pointer)?.detail ?? null;
}
