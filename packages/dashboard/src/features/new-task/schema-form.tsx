import type { TaskType } from "@workstream/core";
import { useMemo, useState } from "react";
import { client } from "../../lib/client.ts";
import { Field, TextArea } from "../../ui/field.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { faultAt } from "./form/field-props.ts";
import { formModel } from "./form/form-model.ts";
import { SchemaField } from "./form/schema-fields.tsx";
import { OptionsSection } from "./options-section.tsx";
import { SubmitBar } from "./submit-bar.tsx";
import { useInputEditor } from "./use-input-editor.ts";
import { useTaskForm } from "./use-task-form.ts";

type SchemaFormProps = { type: TaskType /** To begin with; undefined for nothing. */; input: unknown };

/** The form that a type's schema makes, or its input as JSON. */
export function SchemaForm({ type, input }: SchemaFormProps) {
  const model = useMemo(() => formModel(type.input_schema), [type.input_schema]);
  const editor = useInputEditor(model, input);
  const [switchFault, setSwitchFault] = useState<string | null>(null);
  const { task, options, setOptions, optionFields, faults, check, handlers } = useTaskForm();
  const submit = () => {
    const made = editor.read();
    check(made.faults, () =>
      task.send((signal) =>
        client.tasks.create(type.type, { input: made.input, ...optionFields }, { signal }),
      ),
    );
  };
  return (
    <form {...handlers(submit)} className="flex max-w-3xl flex-col gap-4">
      {model.kind !== "json" && (
        <div className="flex flex-wrap items-center gap-3">
          <Segmented
            label="How to enter the input"
            value={editor.mode}
            options={[
              { value: "form", label: "Form" },
              { value: "json", label: "JSON" },
            ]}
            onChange={(mode) => setSwitchFault(editor.switchTo(mode))}
          />
          <p role="status" className="text-xs text-warning">
            {switchFault}
          </p>
        </div>
      )}
      {editor.mode === "form" ? (
        <SchemaField
          field={model}
          value={editor.value}
          onChange={editor.setValue}
          pointer="/input"
          faults={faults}
        />
      ) : (
        <Field
          label="Input as JSON"
          error={faultAt(faults, "/input") ?? inputFault(faults)}
          hint="Checked against the type's schema when it is sent."
        >
          {(ids) => (
            <TextArea
              {...ids}
              value={editor.text}
              onChange={(event) => editor.setText(event.target.value)}
              spellCheck={false}
              className="min-h-56 resize-y font-mono text-xs"
            />
          )}
        </Field>
      )}
      <OptionsSection value={options} onChange={setOptions} faults={faults} />
      <SubmitBar
        task={task}
        label="Create the task"
        faults={faults}
        request={() => ({
          type: type.type,
          options: optionFields,
          body: { kind: "json", input: editor.read().input },
        })}
      />
    </form>
  );
}

/** JSON has one field for all: whatever is wrong within it is told with its place. */
function inputFault(faults: readonly { pointer: string; detail: string }[]): string | null {
  const within = faults.filter(({ pointer }) => pointer.startsWith("/input/"));
  return within.length === 0
    ? null
    : within.map(({ pointer, detail }) => `${pointer.slice("/input".length)}: ${detail}`).join(" · ");
}
