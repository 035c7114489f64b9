import { Link } from "@tanstack/react-router";
import { Instant } from "../../ui/instant.tsx";

/** The task went while someone looked at it. */
export function DeletedNote({ at }: { at: string | null }) {
  return (
    <p role="status" className="mb-3.5 rounded-lg border bg-warning-bg px-4 py-2.5 text-sm text-warning">
      This task was deleted
      {at !== null && (
        <>
          {" "}
          at <Instant at={at} />
        </>
      )}
      . What stands here is what was read last; it is gone once you leave.{" "}
      <Link to="/tasks" className="underline">
        Back to the tasks
      </Link>
    </p>
  );
}
