import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ErrorGroups } from "@workstream/core";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { countOf } from "../../lib/format/numbers.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { OperationProgress } from "../../ui/operation-progress.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { QueryView } from "../../ui/query-view.tsx";
import { DeadLetterActions } from "./dead-letter-actions.tsx";
import { GroupCard } from "./group-card.tsx";
import { useFreshGroups } from "./use-fresh-groups.ts";

const shownGroups = 50;

/** Tasks that gave up, by what stopped them. */
export function DeadLettersScreen() {
  const groups = useQuery(fleetQueries.errorGroups(shownGroups));
  const { group: openGroup } = useSearch({ from: "/dead-letters" });
  const mayOperate = useMayOperate();
  useFreshGroups();
  const [operationId, setOperationId] = useState<string | null>(null);
  const total = groups.data?.total_dead_letters ?? 0;
  return (
    <>
      <PageHeader
        title={groups.data ? headline(groups.data) : "Dead letters"}
        documentTitle="Dead letters"
        summary="Tasks that failed for good. Mend the cause, then send them back; what is purged is gone."
        actions={mayOperate && total > 0 && <DeadLetterActions total={total} onStarted={setOperationId} />}
      />
      {operationId !== null && (
        <div className="mb-4">
          <OperationProgress operationId={operationId} onClose={() => setOperationId(null)} />
        </div>
      )}
      <QueryView
        query={groups}
        isEmpty={({ groups: list }) => list.length === 0}
        empty={
          <Panel>
            <EmptyState icon={<Inbox />} title="No dead letters">
              A task whose retries are used up, or whose error no retry would mend, comes here instead of
              being lost.
            </EmptyState>
          </Panel>
        }
      >
        {({ groups: list, total_groups: count }) => (
          <ul className="flex flex-col gap-3">
            {list.map((group) => (
              <li key={group.error_group}>
                <GroupCard
                  group={group}
                  isOpen={group.error_group === openGroup}
                  onStarted={setOperationId}
                />
              </li>
            ))}
            {count > list.length && (
              <li className="text-sm text-faint">and {countOf(count - list.length, "smaller cause")} more</li>
            )}
          </ul>
        )}
      </QueryView>
    </>
  );
}

function headline({ total_dead_letters: total, total_groups: groups }: ErrorGroups): string {
  if (total === 0) return "No dead letters";
  return `${countOf(total, "dead letter")}, ${countOf(groups, "cause")}`;
}
