/** The built program with a dashboard in its dist/: both ports, from the start to SIGTERM. */
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@workstream/testing";
import { afterEach, expect, it } from "vitest";
import { call } from "./gateway.ts";
import { gatewayReady, Stage } from "./program.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
let stage = new Stage();

afterEach(async () => {
  await stage.close();
  stage = new Stage();
});

async function programWithDashboard(): Promise<{ folder: string; file: string }> {
  const folder = await stage.folder();
  const dist = join(folder, "dist");
  cpSync(join(root, "dist"), dist, { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  rmSync(join(dist, "dashboard"), { recursive: true, force: true });
  mkdirSync(join(dist, "dashboard/assets"), { recursive: true });
  writeFileSync(join(dist, "dashboard/index.html"), "<title>Dashboard</title>");
  writeFileSync(join(dist, "dashboard/assets/app-1a2b.js"), "export {};");
  return { folder, file: join(dist, "lib/cli.js") };
}

it("serves the dashboard and the API on one port, the API alone on the other, and stops with both", async () => {
  const { folder, file } = await programWithDashboard();
  const [port, dashboardPort] = [await freePort(), await freePort()];
  const [api, dashboard] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${dashboardPort}`];
  const env = {
    DASHBOARD: "on",
    API_PORT: String(port),
    DASHBOARD_PORT: String(dashboardPort),
    DATA_DIR: join(folder, "data"),
    LOG_LEVEL: "info",
  };
  const program = stage.start({ file, args: ["up"], env, cwd: folder });
  await gatewayReady(dashboard, program);

  expect(await (await fetch(`${dashboard}/tasks/some-task`)).text()).toBe("<title>Dashboard</title>");
  expect((await fetch(`${dashboard}/assets/app-1a2b.js`)).headers.get("cache-control")).toContain(
    "immutable",
  );
  expect((await fetch(`${dashboard}/assets/app-0000.js`)).status).toBe(404);
  const created = await call<{ task_id: string }>(`${dashboard}/api/v1/tasks/summarize`, "POST", {
    content: "One sentence. Another one.",
  });
  expect(created.status).toBe(201);
  expect((await call(`${api}/api/v1/tasks/${created.body.task_id}`)).status).toBe(200);
  const sent = await fetch(api, { headers: { accept: "text/html" }, redirect: "manual" });
  expect(sent.headers.get("location")).toBe(`${dashboard}/`);

  const stream = await fetch(`${dashboard}/api/v1/queues/status/stream`);
  expect(stream.headers.get("content-type")).toContain("text/event-stream");
  expect(await program.end("SIGTERM")).toBe(0);
  expect(await stream.text()).toContain("initial_status");
  expect(program.output).toContain(`"dashboard":"${dashboard}"`);
  await expect(fetch(`${dashboard}/live`)).rejects.toThrow();
});
