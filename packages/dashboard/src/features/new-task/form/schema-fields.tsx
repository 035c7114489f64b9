import { cn } from "../../../ui/class-names.ts";
import { Field } from "../../../ui/field.tsx";
import { Control } from "./control.tsx";
import { faultAt, type SchemaFieldProps } from "./field-props.ts";
import type { FormField } from "./form-model.ts";
import { pointerTo } from "./form-values.ts";
import { ListField } from "./list-field.tsx";

/** A field of any kind with its label, hint and fault. */
export function SchemaField(props: SchemaFieldProps) {
  const { field, value, pointer, faults } = props;
  if (field.kind === "group") return <GroupField {...props} field={field} />;
  if (field.kind === "list") return <ListField {...props} field={field} />;
  const isFlag = field.kind === "boolean" && isTwoFold(field);
  return (
    <Field
      label={field.label === "" ? "Input" : field.label}
      hint={hintOf(field)}
      error={faultAt(faults, pointer)}
      isRequired={field.isRequired && !isFlag}
    >
      {(ids) => (
        <Control field={field} value={String(value)} onChange={props.onChange} ids={ids} isFlag={isFlag} />
      )}
    </Field>
  );
}

/** A boolean that is never left out is a check box; one that may be has three ways. */
function isTwoFold(field: FormField): boolean {
  return field.isRequired || field.fallback !== undefined;
}

function hintOf(field: FormField): string | undefined {
  const range = field.kind === "number" ? rangeOf(field) : null;
  const texts = [field.description, range].filter((text) => text !== null);
  return texts.length === 0 ? undefined : texts.join(" · ");
}

function rangeOf({ min, max }: { min: number | null; max: number | null }): string | null {
  if (min !== null && max !== null) return `${min} to ${max}`;
  if (min !== null) return `${min} or more`;
  return max === null ? null : `${max} or less`;
}

type GroupProps = SchemaFieldProps<Extract<FormField, { kind: "group" }>>;

export function GroupField({ field, value, onChange, pointer, faults }: GroupProps) {
  const values = typeof value === "object" && !Array.isArray(value) ? value : {};
  const isRoot = field.name === "";
  return (
    <fieldset className={cn("min-w-0", !isRoot && "border-l-2 pl-3.5")}>
      {!isRoot && (
        <legend className="mb-2 text-sm font-medium">
          {field.label}
          {field.description !== null && (
            <span className="ml-2 font-normal text-faint">{field.description}</span>
          )}
        </legend>
      )}
      <div className="flex flex-col gap-3.5">
        {field.fields.map((inner) => (
          <SchemaField
            key={inner.name}
            field={inner}
            value={values[inner.name] ?? ""}
            onChange={(next) => onChange({ ...values, [inner.name]: next })}
            pointer={pointerTo(pointer, inner.name)}
            faults={faults}
          />
        ))}
        {field.fields.length === 0 && <p className="text-sm text-faint">This type takes no input.</p>}
      </div>
    </fieldset>
  );
}
