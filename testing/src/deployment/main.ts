/** npm run deployment: builds what the images hold and runs it here, without Docker, until Ctrl-C. */
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LocalDeployment } from "./local-deployment.ts";

const into = mkdtempSync(join(tmpdir(), "workstream-deployment-"));
chmodSync(into, 0o755);
const root = fileURLToPath(new URL("../../../", import.meta.url));
const stopped = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
process.stdout.write("Building the images' contents …\n");
const deployment = await LocalDeployment.prepare({ root, into });
try {
  await deployment.startApi();
  deployment.startWorker();
  deployment.startWorker();
  await deployment.startDashboard();
  if (deployment.hasStandIn)
    process.stdout.write("There is no built dashboard: an empty page stands in for it.\n");
  process.stdout.write(`dashboard  ${deployment.url}\ngateway    ${deployment.apiUrl}\nCtrl-C ends it.\n`);
  await stopped;
} finally {
  await deployment.close();
  rmSync(into, { recursive: true, force: true });
}
