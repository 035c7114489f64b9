import { type ReactNode, type RefObject, useEffect } from "react";
import { Panel } from "../../../ui/panel.tsx";
import { isNothing } from "../selection/selection.ts";
import { SelectionBar } from "../selection/selection-bar.tsx";
import { useOperation } from "../selection/use-operation.tsx";
import type { ColumnName } from "./columns.tsx";
import type { ListAddress } from "./list-address.ts";
import { ListEmpty } from "./list-empty.tsx";
import { ListFooter } from "./list-footer.tsx";
import { anchoredFilter, isInOwnOrder, type ListRequest, type Sorting } from "./list-request.ts";
import { ListRows } from "./list-rows.tsx";
import { NewTasksChip } from "./new-tasks-chip.tsx";
import { useFillHeight } from "./use-fill-height.ts";
import { useListKeys } from "./use-list-keys.ts";
import { useListScreen } from "./use-list-screen.ts";

type TasksListProps = {
  address: ListAddress;
  begin: () => ListRequest;
  sorting: Sorting;
  columns: readonly ColumnName[];
  mayAct: boolean;
  search: RefObject<HTMLInputElement | null>;
  /** Stands above the list while nothing is selected. */
  chips: ReactNode;
  onSort: (sorting: Sorting) => void;
  onClearSearch: () => void;
};

export function TasksList(props: TasksListProps) {
  const { address, mayAct, search, chips } = props;
  const screen = useListScreen(props);
  const { view, rows, chosen, newTasks, count, reload } = screen;
  const { ref, height } = useFillHeight();
  const operation = useOperation(reload);
  const { trail, list } = view;

  useListKeys(
    rows.scroller,
    {
      onSearch: () => search.current?.focus(),
      onMove: screen.move,
      onEnd: (end) => screen.moveTo(end === "first" ? 0 : count - 1),
      onSelect: (isStretch) => {
        if (mayAct && screen.currentRow !== null) chosen.select(screen.currentRow, isStretch);
      },
      onOpen: () => screen.open(screen.currentRow),
      onEscape: () => (isNothing(chosen.selection) ? screen.leave() : chosen.clear()),
    },
    rows.sight.last - rows.sight.first,
  );

  // Nothing is being read in an empty list, so what comes may come in.
  const isAwaited = trail !== null && count === 0 && newTasks.count > 0;
  useEffect(() => {
    if (isAwaited) void reload();
  }, [isAwaited, reload]);

  return (
    <div>
      {isNothing(chosen.selection) ? (
        chips
      ) : (
        <SelectionBar
          selection={chosen.selection}
          total={trail?.isExact ? trail.total : null}
          all={trail?.isExact ? anchoredFilter(list.request, trail.anchor) : list.request.filter}
          onSelectPage={() => chosen.selectRows(rows.sight.first, rows.sight.last)}
          onSelectAll={chosen.selectAll}
          onClear={chosen.clear}
          onStarted={(id) => {
            chosen.clear();
            operation.show(id);
          }}
        />
      )}
      {operation.progress}
      <div ref={ref} className="relative mt-2">
        <Panel className="overflow-hidden p-0" bodyClassName="flex flex-col">
          <div style={{ height }} className="flex flex-col">
            <NewTasksChip {...newTasks} isHidden={count === 0} onLoad={() => void reload()} />
            {trail !== null && count === 0 ? (
              <ListEmpty q={address.q ?? ""} onClear={props.onClearSearch} />
            ) : (
              <ListRows {...props} screen={screen} />
            )}
            {trail !== null && count > 0 && (
              <ListFooter
                trail={trail}
                sight={rows.sight}
                staleSince={screen.staleSince}
                isInOwnOrder={isInOwnOrder(list.request)}
                onGoTo={(row) => {
                  rows.scrollToRow(row);
                  screen.setCurrentRow(row);
                }}
              />
            )}
          </div>
        </Panel>
      </div>
    </div>
  );
}
