import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { ErrorState } from "../ui/error-state.tsx";
import { LoadingRows } from "../ui/skeleton.tsx";
import { lazyScreen } from "./lazy-screen.ts";
import { NotFound } from "./not-found.tsx";
import { parseSearch, stringifySearch } from "./search-text.ts";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

type Search = Record<string, unknown>;
/** Undefined takes a parameter out of the address. */
type Kept<Name extends string> = { [Key in Name]?: string | undefined };

function text(search: Search, name: string): string | undefined {
  const value = search[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Keeps the named parameters that are given, each as text: screens parse what they mean. */
function keep<Name extends string>(...names: Name[]) {
  return (search: Search): Kept<Name> => {
    const given = names.flatMap((name) => {
      const value = text(search, name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return Object.fromEntries(given) as Kept<Name>;
  };
}

const overview = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: keep("hours"),
  component: lazyScreen(() => import("../features/overview/overview-screen.tsx"), "OverviewScreen"),
});
const tasks = createRoute({
  getParentRoute: () => root,
  path: "/tasks",
  validateSearch: keep("q", "sort", "order", "columns"),
  component: lazyScreen(() => import("../features/tasks/tasks-screen.tsx"), "TasksScreen"),
});
const task = createRoute({
  getParentRoute: () => root,
  path: "/tasks/$taskId",
  validateSearch: keep("q", "sort", "order"),
  component: lazyScreen(() => import("../features/task/task-screen.tsx"), "TaskScreen"),
});
const newTask = createRoute({
  getParentRoute: () => root,
  path: "/new",
  validateSearch: keep("type", "from"),
  component: lazyScreen(() => import("../features/new-task/new-task-screen.tsx"), "NewTaskScreen"),
});
const deadLetters = createRoute({
  getParentRoute: () => root,
  path: "/dead-letters",
  validateSearch: keep("group"),
  component: lazyScreen(
    () => import("../features/dead-letters/dead-letters-screen.tsx"),
    "DeadLettersScreen",
  ),
});
const dependencies = createRoute({
  getParentRoute: () => root,
  path: "/dependencies",
  validateSearch: keep("service"),
  component: lazyScreen(
    () => import("../features/dependencies/dependencies-screen.tsx"),
    "DependenciesScreen",
  ),
});
const workers = createRoute({
  getParentRoute: () => root,
  path: "/workers",
  validateSearch: keep("worker"),
  component: lazyScreen(() => import("../features/workers/workers-screen.tsx"), "WorkersScreen"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyScreen(() => import("../features/settings/settings-screen.tsx"), "SettingsScreen"),
});

const routeTree = root.addChildren([
  overview,
  tasks,
  task,
  newTask,
  deadLetters,
  dependencies,
  workers,
  settings,
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultPendingComponent: () => <LoadingRows rows={8} />,
  defaultErrorComponent: ({ error, reset }) => (
    <ErrorState error={error} onRetry={reset} title="This screen stopped working" />
  ),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
