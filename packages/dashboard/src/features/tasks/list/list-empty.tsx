import { Link } from "@tanstack/react-router";
import { Inbox, SearchX } from "lucide-react";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";

/** No task at all, or none that matches: each with what to do next. */
export function ListEmpty({ q, onClear }: { q: string; onClear: () => void }) {
  if (q === "") {
    return (
      <EmptyState
        icon={<Inbox />}
        title="No tasks yet"
        action={
          <Button asChild tone="primary">
            <Link to="/new">New task</Link>
          </Button>
        }
      >
        Submit one, and watch it run. It appears here by itself.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<SearchX />}
      title="No task matches"
      action={<Button onClick={onClear}>Clear the search</Button>}
    >
      Nothing is found for <code className="break-words">{q}</code>. A task that comes to match appears here
      by itself.
    </EmptyState>
  );
}
