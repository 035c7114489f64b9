import { CopyButton } from "./copy-button.tsx";

/** JSON as it is, indented; text that is none stays text. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <div className="relative">
      <div className="absolute top-1.5 right-1.5">
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <section
        aria-label={label}
        tabIndex={0}
        className="max-h-[28rem] overflow-auto rounded-md border bg-bg p-3 pr-10"
      >
        <pre className="text-xs leading-relaxed break-words whitespace-pre-wrap">{text}</pre>
      </section>
    </div>
  );
}
