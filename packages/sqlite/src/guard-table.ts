import { freshGuard, type GuardState, readGuard } from "@workstream/core";
import type { Connection, Statement } from "./connection.ts";

/** The guards of every service that was ever used. */
export class GuardTable {
  readonly #find: Statement;
  readonly #list: Statement;
  readonly #save: Statement;
  readonly #add: Statement;

  constructor({ prepare }: Connection) {
    this.#find = prepare("SELECT state FROM service_guards WHERE service = ?");
    this.#list = prepare("SELECT service, state FROM service_guards ORDER BY service");
    this.#save = prepare("INSERT OR REPLACE INTO service_guards (service, state) VALUES (?, ?)");
    this.#add = prepare("INSERT OR IGNORE INTO service_guards (service, state) VALUES (?, ?)");
  }

  find(service: string): GuardState | null {
    const row = this.#find.first<[string]>(service);
    return row ? readGuard(row[0]) : null;
  }

  list(): { service: string; guard: GuardState }[] {
    return this.#list
      .all<[string, string]>()
      .map(([service, state]) => ({ service, guard: readGuard(state) }));
  }

  save(service: string, guard: GuardState): void {
    this.#save.run(service, JSON.stringify(guard));
  }

  /** A service that is known by now has been used, though perhaps never called. */
  makeKnown(service: string): void {
    this.#add.run(service, JSON.stringify(freshGuard()));
  }
}
