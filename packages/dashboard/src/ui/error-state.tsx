import { isClientError } from "@workstream/client";
import { Button } from "./button.tsx";

type ErrorStateProps = { error: unknown; onRetry?: () => void; title?: string };

/** What went wrong in the gateway's own words, and a way to ask again. */
export function ErrorState({ error, onRetry, title = "This could not be loaded" }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center gap-1.5 px-4 py-10 text-center">
      <p className="text-base font-medium">{title}</p>
      <p className="max-w-md text-sm text-soft">{errorText(error)}</p>
      {onRetry && (
        <Button className="mt-3" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function errorText(error: unknown): string {
  if (isClientError(error)) return error.detail ?? error.message;
  return error instanceof Error ? error.message : String(error);
}
