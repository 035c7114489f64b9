import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useRef } from "react";
import { preferences } from "../../lib/preferences.ts";
import { useMayOperate } from "../../lib/use-role.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { chosenColumns, columnsText, keepColumns } from "./list/column-choice.ts";
import { ColumnsMenu } from "./list/columns-menu.tsx";
import { listAddress, listName } from "./list/list-address.ts";
import { type Sorting, sortKeys, toListFilter } from "./list/list-request.ts";
import { SortSelect } from "./list/sort-select.tsx";
import { TasksList } from "./list/tasks-list.tsx";
import { useIsNarrow } from "./list/use-is-narrow.ts";
import { SearchBox } from "./search/search-box.tsx";
import { StateChips } from "./search/state-chips.tsx";
import { formatTaskSearch, parseTaskSearch } from "./search/task-search.ts";

export function TasksScreen() {
  const parameters = useSearch({ from: "/tasks" });
  const { q, sort, order, columns: columnsParameter } = parameters;
  const navigate = useNavigate({ from: "/tasks" });
  const search = useRef<HTMLInputElement>(null);
  const isNarrow = useIsNarrow();
  const mayOperate = useMayOperate();
  const { filter, problems } = useMemo(() => parseTaskSearch(q ?? ""), [q]);
  const sorting = useMemo(() => sortingOf(sort, order), [sort, order]);
  const columns = useMemo(() => chosenColumns(columnsParameter), [columnsParameter]);
  const address = useMemo(() => listAddress(parameters), [parameters]);

  const change = (next: { q?: string; sort?: string; order?: string; columns?: string }) =>
    void navigate({ search: (now) => ({ ...now, ...next }), replace: next.q === undefined });
  const searchFor = (text: string) => change({ q: text });
  const sortBy = ({ key, isAscending }: Sorting) =>
    change({ sort: key === "created" ? "" : key, order: isAscending ? "asc" : "" });
  const begin = useCallback(
    () => ({
      filter: toListFilter(filter, { nowMs: Date.now(), timeZone: preferences().timeZone }),
      sorting,
    }),
    [filter, sorting],
  );

  return (
    <>
      <PageHeader title="Tasks" documentTitle={q === undefined ? "Tasks" : `${q} · Tasks`} />
      <div className="mb-2 flex flex-wrap items-start gap-2">
        <SearchBox
          inputRef={search}
          value={q ?? ""}
          onSearch={searchFor}
          onLeave={() => document.querySelector<HTMLElement>("[role=grid]")?.focus()}
        />
        {isNarrow ? (
          <SortSelect sorting={sorting} onSort={sortBy} />
        ) : (
          <ColumnsMenu
            chosen={columns}
            onChange={(names) => {
              keepColumns(names);
              change({ columns: columnsText(names) ?? "" });
            }}
          />
        )}
      </div>
      {problems.length > 0 ? (
        <EmptyState title="This search can't be run as it stands">
          Nothing is left out of a search silently: put right what is marked above.
        </EmptyState>
      ) : (
        <TasksList
          key={listName(address)}
          address={address}
          begin={begin}
          sorting={sorting}
          columns={columns}
          mayAct={mayOperate}
          search={search}
          chips={
            <StateChips
              chosen={filter.status}
              onChoose={(status) => {
                const { status: _before, ...rest } = filter;
                searchFor(formatTaskSearch(status === undefined ? rest : { ...rest, status }));
              }}
            />
          }
          onSort={sortBy}
          onClearSearch={() => searchFor("")}
        />
      )}
    </>
  );
}

function sortingOf(sort: string | undefined, order: string | undefined): Sorting {
  return { key: sortKeys.find((key) => key === sort) ?? "created", isAscending: order === "asc" };
}
