import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@workstream/testing";
import { createCatalog } from "@workstream/worker";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig, ports } from "./config.ts";
import { RunningService } from "./running-service.ts";

let directory = "";
let logged: string[] = [];
const services: RunningService[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-running-"));
  logged = [];
  mkdirSync(join(directory, "dashboard"));
  writeFileSync(join(directory, "dashboard/index.html"), "<title>Dashboard</title>");
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop({ graceMs: 0, isForced: true })));
  rmSync(directory, { recursive: true });
});

async function start(env: Record<string, string> = {}, folder = "dashboard"): Promise<RunningService> {
  const loaded = loadConfig({
    API_PORT: "0",
    DASHBOARD_PORT: "0",
    DATA_DIR: join(directory, "data"),
    ...env,
  });
  if (!loaded.isValid) throw new Error(loaded.problems.join("\n"));
  const service = await RunningService.start({
    config: loaded.config,
    roles: { servesApi: true, runsTasks: false },
    definitions: [],
    catalog: createCatalog([]),
    logger: pino({}, { write: (line: string) => void logged.push(line) }),
    dashboardFolder: join(directory, folder),
  });
  services.push(service);
  return service;
}

describe("the dashboard", () => {
  it("has a port of its own that answers for the API too, until both close", async () => {
    const service = await start();
    const { address, dashboardAddress } = service;
    expect(new URL(dashboardAddress ?? "").port).not.toBe(new URL(address ?? "").port);
    expect(await (await fetch(`${dashboardAddress}/tasks`)).text()).toContain("Dashboard");
    expect((await fetch(`${dashboardAddress}/api/v1/tasks`)).status).toBe(200);
    expect((await fetch(`${address}/api/v1/tasks`)).status).toBe(200);
    expect((await fetch(`${address}/tasks`)).status).toBe(404);
    await service.stop({ graceMs: 1_000, isForced: false });
    await expect(fetch(`${address}/live`)).rejects.toThrow();
    await expect(fetch(`${dashboardAddress}/live`)).rejects.toThrow();
  });

  it("is where the gateway sends browsers", async () => {
    const port = await freePort();
    const { address } = await start({ DASHBOARD_PORT: String(port) });
    const sent = await fetch(`${address}/`, { headers: { accept: "text/html" }, redirect: "manual" });
    expect(sent.headers.get("location")).toBe(`http://127.0.0.1:${port}/`);
    expect(await (await fetch(`${address}/`)).json()).toMatchObject({
      dashboard: `http://127.0.0.1:${port}/`,
    });
  });

  it("says which port is taken, and leaves nothing open", async () => {
    const holder = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => holder.listen(port, "127.0.0.1", resolve));
    const starting = start({ DASHBOARD_PORT: String(port) });
    await expect(starting).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken: stop the program that listens there, or set DASHBOARD_PORT to another port, or DASHBOARD=off.`,
    );
    await new Promise((resolve) => holder.close(resolve));
    expect((await start({ DASHBOARD_PORT: String(port) })).dashboardAddress).toContain(String(port));
  });

  it("can be left out", async () => {
    const { address, dashboardAddress } = await start({ DASHBOARD: "off" });
    expect(dashboardAddress).toBeNull();
    expect(await (await fetch(`${address}/`)).json()).toMatchObject({ dashboard: null });
    expect(logged.join("")).not.toContain("dashboard");
  });

  it("is missed once where it was not built", async () => {
    const { address, dashboardAddress } = await start({}, "nothing-here");
    expect(dashboardAddress).toBeNull();
    expect((await fetch(`${address}/live`)).status).toBe(200);
    expect(logged.filter((line) => line.includes("the dashboard is not served"))).toHaveLength(1);
  });

  it("wants another port than the gateway's", () => {
    const same = { API_PORT: "8000", DASHBOARD_PORT: "8000" };
    expect(loadConfig(same, [ports])).toMatchObject({
      problems: ["DASHBOARD_PORT=8000 is not allowed: use another port than API_PORT, or DASHBOARD=off."],
    });
    expect(loadConfig({ ...same, DASHBOARD: "off" }, [ports]).isValid).toBe(true);
    expect(loadConfig({ API_PORT: "0", DASHBOARD_PORT: "0" }, [ports]).isValid).toBe(true);
  });
});
