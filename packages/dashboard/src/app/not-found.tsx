import { Link } from "@tanstack/react-router";
import { EmptyState } from "../ui/empty-state.tsx";
import { PageHeader } from "../ui/page-header.tsx";

export function NotFound() {
  return (
    <>
      <PageHeader title="There is no such page" documentTitle="Not found" />
      <EmptyState title="The address may have a slip in it.">
        <Link to="/" className="text-accent underline">
          Go to the overview
        </Link>
      </EmptyState>
    </>
  );
}
