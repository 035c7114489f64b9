// npm start: prepares what changed since the last time, then runs the whole program on this machine.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildProgram, installPackages, requireNode, root } from "./steps.mjs";

requireNode();
await installPackages();
await buildProgram();

const program = join(root, "dist/lib/cli.js");
process.argv = [process.execPath, program, "up", ...process.argv.slice(2)];
await import(pathToFileURL(program).href);
