import { existsSync, statSync } from "node:fs";
import { access, constants, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Config } from "./config-schema.ts";
import { type DoctorCheck, fail, ok, warn } from "./doctor-check.ts";
import { databasePath } from "./open-stores.ts";

/** The oldest Node that the program runs on, as package.json's `engines` says. */
const oldestNode = [20, 19] as const;
const megabyte = 1024 * 1024;
const littleDiskBytes = 1024 * megabyte;
const noDiskBytes = 100 * megabyte;

export function checkNode(version: string = process.versions.node): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (isOld)
    return fail("node", `Node ${version} is too old.`, `Install Node ${oldestNode.join(".")} or later.`);
  if (major % 2 === 1)
    return warn("node", `Node ${version} has no long-term support.`, "Prefer an even version.");
  return ok("node", `Node ${version}`);
}

/** The folder of the embedded store: it can be written, and its disk is not full. */
export async function checkDataDirectory(config: Pick<Config, "DATA_DIR">): Promise<DoctorCheck[]> {
  const directory = resolve(config.DATA_DIR);
  const existing = nearestExisting(directory);
  if (!statSync(existing).isDirectory())
    return [fail("data", `${existing} is no folder.`, "Set DATA_DIR to one.")];
  try {
    await access(existing, constants.W_OK);
  } catch {
    return [fail("data", `${existing} can't be written.`, "Change its owner or mode, or set DATA_DIR.")];
  }
  const file = databasePath(config);
  const what = existsSync(file) ? `The tasks are in ${file}.` : `${file} is made at the first start.`;
  return [ok("data", what), await checkDisk(existing)];
}

async function checkDisk(directory: string): Promise<DoctorCheck> {
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const detail = `${Math.floor(free / megabyte).toLocaleString("en")} MB free for ${directory}`;
  if (free < noDiskBytes) return fail("disk", `${detail}.`, "Make room, or new tasks will be refused soon.");
  if (free < littleDiskBytes) return warn("disk", `${detail}.`, "Make room before it runs out.");
  return ok("disk", detail);
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
