import { errorMeanings, retrySentence } from "./error-meaning.ts";
import type { ErrorEntry } from "./timeline/timeline-model.ts";

/** An error as it was thrown, line by line, with what its type says. */
export function ErrorText({ error }: { error: ErrorEntry }) {
  return (
    <div className="border-l-2 border-dlq pl-3">
      <p className="text-xs text-soft">
        <code className="font-medium text-dlq-fg">{error.error_type}</code>
        <span className="ml-2">
          {errorMeanings[error.error_type].means} {retrySentence(error.error_type)}
        </span>
      </p>
      <pre
        className="mt-1 max-h-72 overflow-auto text-xs leading-relaxed break-words whitespace-pre-wrap"
        tabIndex={0}
      >
        {error.error}
      </pre>
    </div>
  );
}
