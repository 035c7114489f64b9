import { readdirSync, readFileSync } from "node:fs";
import { WorkstreamError } from "@workstream/core";
import type { Connection } from "./connection.ts";

const folder = new URL("../migrations/", import.meta.url);

/** "WSTM", in the header of the file: tells our database from anyone else's. */
export const applicationId = 0x5753544d;

type Migration = { version: number; sql: string };

function readMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{3}-.+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number.parseInt(name, 10),
      sql: readFileSync(new URL(name, folder), "utf8"),
    }));
}

/**
 * Brings the file to the newest schema, each step in a transaction of its own with its number (PRAGMA user_version).
 * @throws store_unavailable when the file is newer than this program, or is another program's
 */
export function migrate(connection: Connection, path: string, migrations = readMigrations()): void {
  const found = Number(connection.pragma("user_version"));
  const newest = migrations.at(-1)?.version ?? 0;
  refuseForeign(connection, path);
  if (found > newest) throw tooNew(path, found, newest);
  for (const migration of migrations) if (migration.version > found) apply(connection, migration);
}

function apply(connection: Connection, { version, sql }: Migration): void {
  connection.exec("BEGIN IMMEDIATE");
  try {
    connection.exec(sql);
    connection.exec(`PRAGMA user_version = ${version}; PRAGMA application_id = ${applicationId};`);
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.isInTransaction()) connection.exec("ROLLBACK");
    throw error;
  }
}

function refuseForeign(connection: Connection, path: string): void {
  const isOurs = connection.pragma("application_id") === applicationId;
  const [tables] = connection.prepare("SELECT count(*) FROM sqlite_schema").first<[number]>() ?? [0];
  if (isOurs || tables === 0) return;
  throw new WorkstreamError(
    "store_unavailable",
    `${path} is the SQLite database of another program. Name another file, or another folder for the data.`,
    { details: { path } },
  );
}

function tooNew(path: string, found: number, newest: number): WorkstreamError {
  return new WorkstreamError(
    "store_unavailable",
    `${path} was written by a newer Workstream (schema ${found}, this one knows ${newest}). Run the newer version.`,
    { details: { path, schema: found, newest_known: newest } },
  );
}
