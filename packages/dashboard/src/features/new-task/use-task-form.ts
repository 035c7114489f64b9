import { type FormEvent, type KeyboardEvent, useState } from "react";
import { emptyValue, type FormFault, type FormValue, toInput } from "./form/form-values.ts";
import { optionsModel } from "./form/task-options.ts";
import { useNewTask } from "./use-new-task.ts";

/** What the forms of all types share: options, faults, and sending with a button or Ctrl+Enter. */
export function useTaskForm() {
  const task = useNewTask();
  const [options, setOptions] = useState<FormValue>(() => emptyValue(optionsModel));
  const [localFaults, setLocalFaults] = useState<readonly FormFault[]>([]);
  const made = toInput(optionsModel, options);
  const optionFields = made.input as Record<string, unknown>;

  /** Hands on to `send` unless something is at fault; what the gateway said before is said no longer. */
  const check = (faults: readonly FormFault[], send: () => void) => {
    const all = [...faults, ...made.faults];
    setLocalFaults(all);
    if (all.length === 0) send();
  };
  const handlers = (submit: () => void) => ({
    noValidate: true,
    onSubmit: (event: FormEvent) => {
      event.preventDefault();
      submit();
    },
    onKeyDown: (event: KeyboardEvent<HTMLFormElement>) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.currentTarget.requestSubmit();
    },
  });
  const faults = localFaults.length > 0 ? localFaults : task.faults;
  return { task, options, setOptions, optionFields, faults, check, handlers };
}
