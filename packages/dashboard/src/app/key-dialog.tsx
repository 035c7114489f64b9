import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { apiKey, changeApiKey } from "../lib/api-key.ts";
import { clearUnauthorized } from "../lib/unauthorized.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";

/** Asks for the key when the gateway wants one. */
export function KeyDialog() {
  const queries = useQueryClient();
  const [isKept, setKept] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const key = new FormData(event.currentTarget).get("key");
    changeApiKey(String(key ?? "").trim(), { isKept });
    clearUnauthorized();
    void queries.resetQueries();
  };
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && clearUnauthorized()}
      title="This gateway wants a key"
      description="One of those in API_KEYS. It is sent with every request from this page, and nowhere else."
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Key"
          isRequired
          error={apiKey() === null ? null : "The one that was sent is not one of them."}
        >
          {(ids) => (
            <Input {...ids} name="key" type="password" autoComplete="current-password" required autoFocus />
          )}
        </Field>
        <label className="flex items-center gap-2 text-sm text-soft">
          <input type="checkbox" checked={isKept} onChange={(event) => setKept(event.target.checked)} />
          Keep it in this browser
        </label>
        <Button type="submit" tone="primary" className="self-end">
          Continue
        </Button>
      </form>
    </Dialog>
  );
}
