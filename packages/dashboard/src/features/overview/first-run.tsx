import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Panel } from "../../ui/panel.tsx";

/** Where there is nothing yet: how to make the first task, here and from a shell. */
export function FirstRun() {
  const { data: gateway } = useQuery(fleetQueries.gateway);
  const mayCreate = gateway?.role !== "reader";
  const command = firstTaskCommand(location.origin, gateway?.auth === "keys");
  return (
    <Panel className="py-6 md:px-7">
      <h2 className="text-lg leading-snug font-semibold">Make the first task</h2>
      <p className="mt-1 max-w-prose text-sm text-soft">
        A task is work that may take long or fail: it is accepted at once, run by a worker, and tried again
        when it fails. Give it a text to summarize, and watch it go through the stages below.
      </p>
      {mayCreate && (
        <Button asChild tone="primary" className="mt-4">
          <Link to="/new">
            <Plus /> New task
          </Link>
        </Button>
      )}
      <p className="mt-5 mb-1.5 text-sm text-soft">Or from a shell:</p>
      <div className="relative max-w-3xl">
        <pre
          className="overflow-x-auto rounded-md border bg-bg p-3 pr-11 text-xs leading-relaxed"
          tabIndex={0}
        >
          {command}
        </pre>
        <div className="absolute top-1.5 right-1.5">
          <CopyButton text={command} label="Copy the command" />
        </div>
      </div>
    </Panel>
  );
}

function firstTaskCommand(origin: string, needsKey: boolean): string {
  return [
    `curl -s ${origin}/api/v1/tasks/summarize`,
    ...(needsKey ? ['  -H "x-api-key: $API_KEY"'] : []),
    "  -H 'content-type: application/json'",
    `  -d '{"content":"Bees pollinate flowers. Most fruit depends on it. Honey is what they keep for winter."}'`,
  ].join(" \\\n");
}
