// Puts a .gz beside every text file of a folder, for nginx's gzip_static: node deploy/precompress.mjs <folder>
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const compressible = /\.(html|css|js|mjs|json|map|svg|txt|webmanifest|wasm)$/;
const smallestBytes = 1024;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error("Usage: node deploy/precompress.mjs <folder>");
for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !compressible.test(entry.name)) continue;
  const content = readFileSync(path);
  if (content.length >= smallestBytes) writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
}
