import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "./class-names.ts";

const box =
  "w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 text-sm text-fg placeholder:text-faint aria-invalid:border-danger";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(box, className)} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(box, "min-h-32 leading-relaxed", className)} {...props} />;
}

export function NativeSelect({ className, ...props }: ComponentProps<"select">) {
  return <select className={cn(box, "h-8 py-0", className)} {...props} />;
}

type FieldProps = {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  isRequired?: boolean;
  children: (ids: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ReactNode;
};

/** A labelled control with its hint and its fault. */
export function Field({ label, hint, error, isRequired = false, children }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {isRequired && <span className="ml-1 font-normal text-faint">required</span>}
      </label>
      {children({ id, "aria-describedby": `${id}-more`, "aria-invalid": Boolean(error) })}
      <div id={`${id}-more`} className="text-xs">
        {error ? (
          <p className="text-danger">{error}</p>
        ) : (
          hint !== undefined && <p className="text-faint">{hint}</p>
        )}
      </div>
    </div>
  );
}
