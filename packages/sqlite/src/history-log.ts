import {
  maxHistoryEntries,
  packHistory,
  stateLetters,
  type TaskState,
  unpackHistory,
} from "@workstream/core";

type Dated = { history: string | null; createdAt: number };

/** Below this length a packed history cannot hold too many entries: one is a letter and at least one digit. */
const surelyShort = maxHistoryEntries * 2;

/** The packed history with more entries; the first append writes the PENDING that was left unwritten until then. */
export function appendHistory(
  { history, createdAt }: Dated,
  entries: readonly { state: TaskState; at: number }[],
): string {
  const before = history ?? `${stateLetters.PENDING}${createdAt}`;
  const packed = before + packHistory(entries);
  return packed.length <= surelyShort ? packed : dropOldest(packed);
}

function dropOldest(packed: string): string {
  const entries = unpackHistory(packed);
  const excess = entries.length - maxHistoryEntries;
  if (excess <= 0) return packed;
  return packHistory([...entries.slice(0, 1), ...entries.slice(1 + excess)]);
}
