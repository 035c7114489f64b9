import { FileUp } from "lucide-react";
import { type DragEvent, useId, useState } from "react";
import { formatBytes } from "../../lib/format/numbers.ts";
import { cn } from "../../ui/class-names.ts";

type DropZoneProps = {
  file: File | null;
  /** As a file dialog takes it, such as `application/pdf`. */
  accept: string | undefined;
  hint: string;
  fault: string | null;
  isDisabled: boolean;
  onFile: (file: File) => void;
};

/** A file, dropped or chosen: the whole zone is the label of a file input, which has the keyboard. */
export function DropZone({ file, accept, hint, fault, isDisabled, onFile }: DropZoneProps) {
  const id = useId();
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const [first] = files ?? [];
    if (first && !isDisabled) onFile(first);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div>
      <label
        htmlFor={id}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn(
          "flex min-h-44 cursor-pointer flex-col items-center justify-center gap-1.5 rounded-lg border-2 border-dashed border-line-strong bg-bg px-4 py-6 text-center transition-colors hover:border-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent",
          isOver && "border-accent bg-accent-bg",
          fault !== null && "border-danger",
        )}
      >
        <FileUp aria-hidden="true" className="mb-1 size-6 text-faint" />
        <span className="text-base font-medium break-all">
          {isOver ? "Drop it here" : (file?.name ?? "Drop a file here, or choose one")}
        </span>
        <span className="text-sm text-soft">
          {file === null ? hint : `${formatBytes(file.size)}. Choose another one to replace it.`}
        </span>
        <input
          id={id}
          type="file"
          accept={accept}
          disabled={isDisabled}
          aria-describedby={`${id}-fault`}
          aria-invalid={fault !== null}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
          className="sr-only"
        />
      </label>
      <p id={`${id}-fault`} className="mt-1 text-xs text-danger">
        {fault}
      </p>
    </div>
  );
}
