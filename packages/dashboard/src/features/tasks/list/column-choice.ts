/** Which columns are shown: the address says it, else what this browser's user chose last. */
import { type ColumnName, columnNames } from "./columns.tsx";

const storageKey = "workstream.task-columns";
const initial: readonly ColumnName[] = [
  "id",
  "type",
  "state",
  "queue",
  "created",
  "wait",
  "run",
  "retries",
  "error",
];

export function chosenColumns(address: string | undefined): readonly ColumnName[] {
  return parseColumns(address) ?? parseColumns(readKept()) ?? initial;
}

/** In the order of the table; null where none of them is a column. The id is always there. */
export function parseColumns(text: string | null | undefined): readonly ColumnName[] | null {
  const named = new Set((text ?? "").split(","));
  const known = columnNames.filter((name) => named.has(name));
  if (known.length === 0) return null;
  return known.includes("id") ? known : ["id", ...known];
}

/** What stands in the address: nothing for the usual columns. */
export function columnsText(names: readonly ColumnName[]): string | undefined {
  const text = columnNames.filter((name) => names.includes(name)).join(",");
  return text === initial.join(",") ? undefined : text;
}

export function keepColumns(names: readonly ColumnName[]): void {
  try {
    localStorage.setItem(storageKey, names.join(","));
  } catch {
    // Storage may be blocked: then the choice lives in the address alone.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
