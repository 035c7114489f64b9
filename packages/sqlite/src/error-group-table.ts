import { type DeadLetterGroups, type ErrorType, errorGroup, sampledDeadLetters } from "@workstream/core";
import { type Connection, type Statement, textOfAny } from "./connection.ts";

/** So many dead letters are one transaction of a few ms. */
const chunk = 500;

type GroupRow = [name: string, tasks: number];
type MemberRow = [id: string, diedAt: number, type: string, errorType: ErrorType | null, lastError: unknown];

/** Dead letters by cause: the column `error_group`, and the counts that the triggers keep of it. */
export class ErrorGroupTable {
  readonly #groups: Statement;
  readonly #totals: Statement;
  readonly #newest: Statement;
  readonly #first: Statement;
  readonly #ungrouped: Statement;
  readonly #setGroup: Statement;

  constructor({ prepare }: Connection) {
    this.#groups = prepare("SELECT name, tasks FROM error_groups ORDER BY grown_at DESC, name DESC LIMIT ?");
    this.#totals = prepare(
      `SELECT (SELECT count(*) FROM error_groups),
              coalesce((SELECT tasks FROM place_counts WHERE place = 'DLQ'), 0)`,
    );
    this.#newest = prepare(
      `SELECT id, completed_at, type, error_type, CAST(last_error AS BLOB) FROM tasks
       WHERE error_group = ? ORDER BY completed_at DESC, id DESC LIMIT ${sampledDeadLetters}`,
    );
    this.#first = prepare("SELECT min(completed_at) FROM tasks WHERE error_group = ?");
    this.#ungrouped = prepare(
      `SELECT id, completed_at, type, error_type, CAST(last_error AS BLOB) FROM tasks INDEXED BY tasks_ungrouped
       WHERE place = 'DLQ' AND error_group IS NULL LIMIT ${chunk}`,
    );
    this.#setGroup = prepare("UPDATE tasks SET error_group = ? WHERE id = ?");
  }

  read(limit: number): DeadLetterGroups {
    const [totalGroups, totalDeadLetters] = this.#totals.first<[number, number]>() ?? [0, 0];
    const groups = this.#groups.all<GroupRow>(limit).flatMap(([group, count]) => {
      const members = this.#newest.all<MemberRow>(group);
      const [newest] = members;
      if (newest === undefined) return [];
      const [, lastAt, type, errorType, lastError] = newest;
      return {
        group,
        count,
        firstAt: this.#first.first<[number]>(group)?.[0] ?? lastAt,
        lastAt,
        taskIds: members.map(([id]) => id),
        type,
        errorType: errorType ?? "Default",
        message: textOfAny(lastError) ?? "",
      };
    });
    return { groups, totalGroups, totalDeadLetters };
  }

  /** Groups some dead letters of an earlier version; answers whether there may be more. */
  groupSome(): boolean {
    const rows = this.#ungrouped.all<MemberRow>();
    for (const [id, , type, errorType, lastError] of rows) {
      this.#setGroup.run(errorGroup(type, errorType ?? "Default", textOfAny(lastError) ?? ""), id);
    }
    return rows.length === chunk;
  }
}
