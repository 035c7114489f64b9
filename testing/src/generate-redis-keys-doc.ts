import { writeFileSync } from "node:fs";
import { redisKeysDocument } from "./redis-keys-doc.ts";

writeFileSync(new URL("../../docs/redis-keys.md", import.meta.url), await redisKeysDocument());
process.stdout.write("wrote docs/redis-keys.md\n");
