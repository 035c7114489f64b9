import { NativeSelect } from "../../../ui/field.tsx";
import { type Sorting, sortKeys } from "./list-request.ts";

const words = { created: "created", updated: "updated", completed: "completed" } as const;

/** The order, where there are no column heads to press. */
export function SortSelect({ sorting, onSort }: { sorting: Sorting; onSort: (sorting: Sorting) => void }) {
  return (
    <NativeSelect
      aria-label="Order"
      className="w-auto"
      value={`${sorting.key} ${sorting.isAscending ? "asc" : "desc"}`}
      onChange={({ target: { value } }) => {
        const key = sortKeys.find((each) => value.startsWith(each)) ?? "created";
        onSort({ key, isAscending: value.endsWith("asc") });
      }}
    >
      {sortKeys.flatMap((key) => [
        <option key={`${key} desc`} value={`${key} desc`}>
          Newest {words[key]}
        </option>,
        <option key={`${key} asc`} value={`${key} asc`}>
          Oldest {words[key]}
        </option>,
      ])}
    </NativeSelect>
  );
}
