import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "../../../ui/button.tsx";
import { Control } from "./control.tsx";
import { faultAt, type SchemaFieldProps } from "./field-props.ts";
import type { FormField } from "./form-model.ts";
import { pointerTo } from "./form-values.ts";

type ListProps = SchemaFieldProps<Extract<FormField, { kind: "list" }>>;

/** Any number of values of one kind, one below the other. */
export function ListField({ field, value, onChange, pointer, faults }: ListProps) {
  const id = useId();
  const values = Array.isArray(value) ? value : [];
  const fault = faultAt(faults, pointer);
  return (
    <fieldset aria-describedby={`${id}-more`} className="min-w-0">
      <legend className="mb-1 text-sm font-medium">
        {field.label}
        {field.isRequired && <span className="ml-1 font-normal text-faint">required</span>}
      </legend>
      <div className="flex flex-col gap-1.5">
        {values.map((item, index) => {
          const itemFault = faultAt(faults, pointerTo(pointer, index));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is what stands at its place
            <div key={index}>
              <div className="flex items-center gap-1.5">
                <label htmlFor={`${id}-${index}`} className="sr-only">
                  {field.label}, {index + 1}
                </label>
                <Control
                  field={field.item}
                  value={String(item)}
                  onChange={(next) => onChange(values.with(index, next))}
                  ids={{
                    id: `${id}-${index}`,
                    "aria-describedby": `${id}-${index}-more`,
                    "aria-invalid": itemFault !== null,
                  }}
                />
                <Button
                  tone="ghost"
                  size="icon"
                  aria-label={`Remove ${field.label}, ${index + 1}`}
                  onClick={() => onChange(values.toSpliced(index, 1))}
                >
                  <X />
                </Button>
              </div>
              <p id={`${id}-${index}-more`} className="text-xs text-danger">
                {itemFault}
              </p>
            </div>
          );
        })}
        <Button size="sm" className="self-start" onClick={() => onChange([...values, ""])}>
          <Plus /> Add
        </Button>
      </div>
      <p
        id={`${id}-more`}
        className={fault === null ? "mt-1 text-xs text-faint" : "mt-1 text-xs text-danger"}
      >
        {fault ?? field.description}
      </p>
    </fieldset>
  );
}
