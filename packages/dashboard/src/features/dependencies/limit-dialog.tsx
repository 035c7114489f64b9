import { useQueryClient } from "@tanstack/react-query";
import type { GuardedServiceView } from "@workstream/core";
import { type FormEvent, useState } from "react";
import { client } from "../../lib/client.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { errorText } from "../../ui/error-state.tsx";
import { Field, Input } from "../../ui/field.tsx";

/** Changes the limit for the whole fleet, from the next call on. */
export function LimitDialog({ service: { service, limiter } }: { service: GuardedServiceView }) {
  const [isOpen, setOpen] = useState(false);
  const mayOperate = useMayOperate();
  if (!mayOperate) return null;
  return (
    <>
      <button type="button" className="text-xs text-accent underline" onClick={() => setOpen(true)}>
        change<span className="sr-only"> the limit of {service}</span>
      </button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Limit of ${service}`}
        description="For all workers together, from the next call on. It stays until it is changed again, or the configured one is."
      >
        <LimitForm
          service={service}
          requests={limiter?.requests ?? 100}
          seconds={limiter?.interval_seconds ?? 10}
          onDone={() => setOpen(false)}
        />
      </Dialog>
    </>
  );
}

type LimitFormProps = { service: string; requests: number; seconds: number; onDone: () => void };

function LimitForm({ service, requests, seconds, onDone }: LimitFormProps) {
  const queries = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    try {
      await client.services.setLimit(service, {
        requests: Number(form.get("requests")),
        interval_seconds: Number(form.get("seconds")),
      });
      await queries.invalidateQueries({ queryKey: ["services"] });
      onDone();
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-4">
        <Field label="Calls">
          {(ids) => (
            <Input {...ids} name="requests" type="number" min={1} step={1} required defaultValue={requests} />
          )}
        </Field>
        <Field label="In seconds">
          {(ids) => (
            <Input
              {...ids}
              name="seconds"
              type="number"
              min={0.001}
              max={86_400}
              step="any"
              required
              defaultValue={seconds}
            />
          )}
        </Field>
      </div>
      {failure !== null && (
        <p role="alert" className="text-sm text-danger">
          {errorText(failure)}
        </p>
      )}
      <Button type="submit" tone="primary" className="self-end">
        Change the limit
      </Button>
    </form>
  );
}
