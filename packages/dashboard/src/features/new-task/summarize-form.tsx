import { useDeferredValue, useState } from "react";
import { client } from "../../lib/client.ts";
import { countOf } from "../../lib/format/numbers.ts";
import { countWords } from "../../lib/format/words.ts";
import { Button } from "../../ui/button.tsx";
import { Field, TextArea } from "../../ui/field.tsx";
import { faultAt } from "./form/field-props.ts";
import { OptionsSection } from "./options-section.tsx";
import { samples } from "./samples.ts";
import { SubmitBar } from "./submit-bar.tsx";
import { useTaskForm } from "./use-task-form.ts";

/** @param props.text to begin with */
export function SummarizeForm({ text: initial }: { text: string }) {
  const [text, setText] = useState(initial);
  const counted = useDeferredValue(text);
  const { task, options, setOptions, optionFields, faults, check, handlers } = useTaskForm();
  const submit = () => {
    const isEmpty = text.trim() === "";
    check(isEmpty ? [{ pointer: "/content", detail: "Write or paste a text first." }] : [], () =>
      task.send((signal) => client.tasks.summarize({ content: text, ...optionFields }, { signal })),
    );
  };
  return (
    <form {...handlers(submit)} className="flex max-w-3xl flex-col gap-4">
      <Field
        label="Text"
        error={faultAt(faults, "/content")}
        hint={<span className="tabular">{countOf(countWords(counted), "word")}</span>}
      >
        {(ids) => (
          <TextArea
            {...ids}
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="Write or paste what is to be summarized, in any language."
            className="min-h-64 resize-y p-3.5 text-base"
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-xs text-faint">Or try</span>
        {samples.map((sample) => (
          <Button key={sample.language} size="sm" lang={sample.language} onClick={() => setText(sample.text)}>
            {sample.title}
          </Button>
        ))}
      </div>
      <OptionsSection value={options} onChange={setOptions} faults={faults} />
      <SubmitBar
        task={task}
        label="Summarize"
        faults={faults}
        request={() => ({ type: "summarize", options: optionFields, body: { kind: "json", input: text } })}
      />
    </form>
  );
}
