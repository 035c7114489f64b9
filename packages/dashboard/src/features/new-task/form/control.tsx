import { Input, NativeSelect, TextArea } from "../../../ui/field.tsx";
import type { FormNode } from "./form-model.ts";

type Ids = { id: string; "aria-describedby": string; "aria-invalid": boolean };
type ControlProps = {
  field: FormNode;
  value: string;
  onChange: (value: string) => void;
  ids: Ids;
  /** A boolean with two ways. */
  isFlag?: boolean;
};

const htmlTypes = {
  text: "text",
  email: "email",
  url: "url",
  date: "date",
  datetime: "datetime-local",
} as const;

/** The control for a single value. */
export function Control({ field, value, onChange, ids, isFlag = false }: ControlProps) {
  const common = {
    ...ids,
    value,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  switch (field.kind) {
    case "text":
      if (field.isLong) return <TextArea {...common} />;
      return (
        <Input
          {...common}
          type={htmlTypes[field.input]}
          className={isMoment(field.input) ? "max-w-56" : ""}
        />
      );
    case "number":
      return (
        <Input
          {...common}
          // A text, for a number control gives no word of what it can't read.
          inputMode={field.isInteger ? "numeric" : "decimal"}
          className="tabular max-w-48"
        />
      );
    case "boolean":
      return isFlag ? <Flag ids={ids} value={value} onChange={onChange} /> : <ThreeWays common={common} />;
    case "choice":
      return (
        <NativeSelect {...common} className="max-w-80">
          <option value="">–</option>
          {field.options.map(({ label }, index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </NativeSelect>
      );
    default:
      return (
        <TextArea {...common} spellCheck={false} className="min-h-24 font-mono text-xs" placeholder="JSON" />
      );
  }
}

function isMoment(input: keyof typeof htmlTypes): boolean {
  return input === "date" || input === "datetime";
}

function Flag({ ids, value, onChange }: Omit<ControlProps, "field" | "isFlag">) {
  return (
    <input
      {...ids}
      type="checkbox"
      checked={value === "true"}
      onChange={(event) => onChange(String(event.target.checked))}
      className="size-4 self-start accent-accent"
    />
  );
}

function ThreeWays({
  common,
}: {
  common: Ids & { value: string; onChange: (event: { target: { value: string } }) => void };
}) {
  return (
    <NativeSelect {...common} className="max-w-48">
      <option value="">not set</option>
      <option value="true">yes</option>
      <option value="false">no</option>
    </NativeSelect>
  );
}
