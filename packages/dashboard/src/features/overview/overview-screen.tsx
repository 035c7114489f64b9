import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { liveStatusQuery } from "../../lib/live/live-feed.ts";
import { taskQueries } from "../../lib/queries/task-queries.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { AttentionPanel } from "./attention-panel.tsx";
import { DependenciesPanel } from "./dependencies-panel.tsx";
import { FirstRun } from "./first-run.tsx";
import { sumFlow } from "./flow.ts";
import { tellHeadline } from "./headline.ts";
import { HeadlineLine } from "./headline-line.tsx";
import { LifecyclePanel } from "./lifecycle-panel.tsx";
import { QueuesPanel } from "./queues-panel.tsx";
import { useSystemFacts } from "./use-system-facts.ts";
import { WorkersPanel } from "./workers-panel.tsx";

const Charts = lazy(async () => ({ default: (await import("./charts.tsx")).Charts }));

/** Is it draining, what is broken, what is saturated, are workers alive: from top to bottom. */
export function OverviewScreen() {
  const isFresh = useIsFresh();
  return (
    <>
      <Headline />
      <div className="grid grid-cols-1 gap-3.5 xl:grid-cols-12">
        {isFresh && (
          <div className="xl:col-span-12">
            <FirstRun />
          </div>
        )}
        <LifecyclePanel className="xl:col-span-8" />
        <Attention />
        {!isFresh && (
          <div className="xl:col-span-12">
            <Suspense fallback={<Skeleton className="h-140 rounded-lg" />}>
              <Charts />
            </Suspense>
          </div>
        )}
        <QueuesPanel className="xl:col-span-7" />
        <WorkersPanel className="xl:col-span-5" />
        <DependenciesPanel className="xl:col-span-12" />
      </div>
    </>
  );
}

function Headline() {
  const facts = useSystemFacts();
  const text = tellHeadline(facts);
  return (
    <PageHeader
      title={text}
      documentTitle={text.split(":")[0] ?? text}
      summary={<HeadlineLine {...facts} />}
    />
  );
}

function Attention() {
  return <AttentionPanel facts={useSystemFacts()} className="xl:col-span-4" />;
}

/** No task is there and none was made in the last hour: somebody's first look. */
function useIsFresh(): boolean {
  const { data: isEmpty } = useQuery({
    ...liveStatusQuery,
    select: ({ states }) => Object.values(states).every((count) => count === 0),
  });
  const { data: hasCreated } = useQuery({
    ...taskQueries.throughput(60),
    select: ({ metrics }) => sumFlow(metrics).created > 0,
  });
  return isEmpty === true && hasCreated === false;
}
