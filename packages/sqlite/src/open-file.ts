import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WorkstreamError } from "@workstream/core";
import { type Connection, connect } from "./connection.ts";
import { migrate } from "./migrations.ts";
import { sqliteCode } from "./store-errors.ts";

export type Durability = "normal" | "full";

/** A program that is just stopping gives the file up within this time; after it the file counts as taken. */
const lockPatienceMs = 1_000;
const lockRetryMs = 50;

/** A checkpoint writes each page once however often it changed, so a longer WAL (16 MB) makes for less writing. */
const checkpointPages = 4_000;
const cacheKilobytes = 64 * 1024;

/**
 * Opens the file for this process alone.
 *
 * The lock is exclusive before WAL begins: plain WAL would let a second process in, and two processes would each
 * believe that every lease is theirs. synchronous NORMAL loses nothing to a kill; a power cut may take the last
 * commits, which FULL prevents at the price of one fsync a transaction.
 */
export async function openFile(path: string, durability: Durability): Promise<Connection> {
  const absolute = resolve(path);
  const connection = await lockFile(absolute);
  try {
    connection.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
    connection.pragma("foreign_keys = ON");
    connection.pragma("temp_store = MEMORY");
    connection.pragma(`cache_size = -${cacheKilobytes}`);
    connection.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    migrate(connection, absolute);
    writeOwner(absolute);
    return connection;
  } catch (error) {
    connection.release();
    throw error instanceof WorkstreamError ? error : cannotOpen(absolute, error);
  }
}

/** Gives the file up. What stays is one file, without WAL. */
export function closeFile(connection: Connection, path: string): void {
  rmSync(ownerFile(resolve(path)), { force: true });
  connection.release();
}

async function lockFile(path: string): Promise<Connection> {
  const giveUpAt = performance.now() + lockPatienceMs;
  for (;;) {
    try {
      return tryLock(path);
    } catch (error) {
      if (sqliteCode(error)?.startsWith("SQLITE_BUSY") !== true) throw cannotOpen(path, error);
      if (performance.now() > giveUpAt) throw isTaken(path);
    }
    await sleep(lockRetryMs);
  }
}

function tryLock(path: string): Connection {
  makeFolder(dirname(path));
  const connection = connect(path);
  connection.pragma("locking_mode = EXCLUSIVE");
  connection.pragma("journal_mode = WAL");
  connection.exec("BEGIN IMMEDIATE; COMMIT");
  return connection;
}

/** Level by level, because a recursive mkdir of Node 20 never returns where the kernel answers ENOENT, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(path)) throw error;
  }
}

function isTaken(path: string): WorkstreamError {
  const owner = readOwner(path);
  const who = owner === null ? "Another Workstream process" : `Another Workstream process (pid ${owner})`;
  return new WorkstreamError(
    "store_unavailable",
    `${who} uses ${path}. Stop it, or set REDIS_URL to share the work among several processes.`,
    { details: { path, pid: owner } },
  );
}

function cannotOpen(path: string, cause: unknown): WorkstreamError {
  const options = { details: { path, sqlite_code: sqliteCode(cause) }, cause };
  const message = cause instanceof Error ? cause.message : String(cause);
  if (sqliteCode(cause) === "SQLITE_NOTADB") {
    const text = `${path} is not a database. Move it away, or name another file.`;
    return new WorkstreamError("store_unavailable", text, options);
  }
  const text = `${path} can't be opened or written (${message}). Check that the folder exists and may be written to.`;
  return new WorkstreamError("store_unavailable", text, options);
}

/** Tells whoever finds the file locked which process has it. Only a hint: the lock itself is SQLite's. */
function ownerFile(path: string): string {
  return `${path}-owner`;
}

function writeOwner(path: string): void {
  writeFileSync(ownerFile(path), `${process.pid}\n`);
}

function readOwner(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(ownerFile(path), "utf8"), 10) || null;
  } catch {
    return null;
  }
}
