import type { FormFault, FormValue } from "./form/form-values.ts";
import { GroupField } from "./form/schema-fields.tsx";
import { optionsModel } from "./form/task-options.ts";

type OptionsSectionProps = {
  value: FormValue;
  onChange: (value: FormValue) => void;
  faults: readonly FormFault[];
};

/** Priority, start, limits: folded, for most tasks need none of them. Open while one of them is at fault. */
export function OptionsSection({ value, onChange, faults }: OptionsSectionProps) {
  if (optionsModel.kind !== "group") return null;
  const names = new Set(optionsModel.fields.map(({ name }) => `/${name}`));
  const isAtFault = faults.some(({ pointer }) => names.has(pointer));
  return (
    <details className="rounded-md border" {...(isAtFault && { open: true })}>
      <summary className="cursor-pointer rounded-md px-3 py-2 text-sm font-medium select-none hover:bg-raised">
        Options{" "}
        <span className="ml-1 font-normal text-faint">priority, start, retries, timeout, metadata</span>
      </summary>
      <div className="px-3 pt-2 pb-3.5 [&>fieldset>div]:grid [&>fieldset>div]:sm:grid-cols-2">
        <GroupField field={optionsModel} value={value} onChange={onChange} pointer="" faults={faults} />
      </div>
    </details>
  );
}
