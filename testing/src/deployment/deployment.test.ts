/** What can be said of the deployment's files without running them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorTable } from "@workstream/core";
import { type Copy, DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { afterEach, describe, expect, it } from "vitest";
import { apiSettings } from "../../../packages/cli/src/api-settings.ts";
import { exposure, loadConfig } from "../../../packages/cli/src/config.ts";
import { variableNames } from "../../../packages/cli/src/config-schema.ts";
import { contextFiles } from "./build-context.ts";
import { type ComposeService, composeVariables, readComposeFile } from "./compose-file.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
const composePath = join(root, "docker-compose.yml");
const text = readFileSync(join(root, "deploy/Dockerfile"), "utf8");
const dockerfile = DockerfileParser.parse(text);
const { services } = readComposeFile(composePath);
const known: readonly string[] = variableNames;

const servers = Object.entries(services).filter(([, { profiles }]) => profiles === undefined);

function instructionsOf(stage: string): string[] {
  const stages = text.split(/^(?=FROM )/m);
  return stages.find((part) => part.split("\n")[0]?.endsWith(` AS ${stage}`))?.split("\n") ?? [];
}

describe("deploy/Dockerfile", () => {
  it("is well-formed", () => {
    expect(validate(text)).toEqual([]);
  });

  it("begins with images whose release is named", () => {
    const images = dockerfile.getFROMs().map((from) => from.getImage() ?? "");
    expect(images.length).toBeGreaterThan(2);
    for (const image of images) expect(image).toMatch(/^[a-z/]+:\d+[\w.-]*-(bookworm-slim|alpine)$/);
  });

  it.each(["program", "dashboard"])("runs %s as a numbered user that is not root", (stage) => {
    const users = instructionsOf(stage).filter((line) => line.startsWith("USER "));
    expect(users).toEqual([expect.stringMatching(/^USER [1-9]\d*:[1-9]\d*$/)]);
  });

  it("installs no development packages with the program", () => {
    const installs = instructionsOf("program").filter((line) => line.includes("npm "));
    expect(installs).toEqual([expect.stringContaining("npm ci --omit=dev")]);
  });

  it("copies only what the build context has", () => {
    const files = contextFiles(root);
    const copied = dockerfile
      .getCOPYs()
      .filter((copy: Copy) => copy.getFromFlag() === null)
      .flatMap((copy) => copy.getArguments().slice(0, -1));
    const paths = copied.map((argument) => argument.getValue()).filter((path) => path !== ".");
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !files.includes(path))).toEqual([]);
  });
});

describe("the build context", () => {
  let folder: string;
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has every manifest, and nothing that belongs to this machine", () => {
    folder = mkdtempSync(join(tmpdir(), "workstream-context-"));
    const rules = readFileSync(join(root, ".dockerignore"), "utf8");
    writeFileSync(join(folder, ".dockerignore"), rules);
    const kept = [
      "package.json",
      ".npmrc",
      "packages/cli/src/main.ts",
      "e2e/package.json",
      "deploy/Dockerfile",
    ];
    const left = [
      ".env",
      "packages/cli/.env",
      "data/workstream.db",
      "node_modules/a/index.js",
      "packages/cli/node_modules/a/index.js",
      "packages/cli/src/config.test.ts",
      "e2e/outage.test.ts",
      "dist/lib/cli.js",
      ".git/config",
    ];
    for (const path of [...kept, ...left]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), "");
    }
    expect(contextFiles(folder).sort()).toEqual(kept.sort());
  });
});

describe("docker-compose.yml", () => {
  it.each(Object.entries(services))("publishes ports of %s on loopback alone", (_, { ports = [] }) => {
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  it("publishes the gateway and the dashboard, and not Redis", () => {
    const published = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(published.map(([name]) => name).sort()).toEqual(["api", "dashboard"]);
  });

  it.each(Object.entries(services))("gives %s no more than it needs", (_, service) => {
    expect(service).toMatchObject({
      init: true,
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.image).toMatch(/^(redis:7\.\d+-bookworm|workstream-(program|dashboard):local)$/);
  });

  it.each(servers)("knows how to tell whether %s is well", (name, { healthcheck }) => {
    if (name === "dashboard") expect(instructionsOf("dashboard").join("\n")).toContain("HEALTHCHECK");
    else expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it("sets and reads only settings that the program knows", () => {
    const set = Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment));
    expect([...set, ...composeVariables(composePath)].filter((name) => !known.includes(name))).toEqual([]);
  });

  it("keeps Redis from evicting, and on disk", () => {
    const command = services.redis?.command?.join(" ");
    expect(command).toContain("--maxmemory-policy noeviction");
    expect(command).toContain("--appendonly yes --appendfsync everysec");
  });

  it("names the Redis itself, whatever .env says", () => {
    const { api } = readComposeFile(composePath, { REDIS_URL: "redis://elsewhere:1" }).services;
    expect(api?.environment?.REDIS_URL).toBe("redis://redis:6379");
  });

  it("obeys the settings of .env", () => {
    const { api, worker, dashboard } = readComposeFile(composePath, {
      API_PORT: "8001",
      DASHBOARD_PORT: "3001",
      WORKER_REPLICAS: "4",
      WORKER_MEMORY_LIMIT: "512m",
      WORKER_CPU_LIMIT: "1.5",
      WORKER_STOP_GRACE_PERIOD: "90s",
      PROMPTS_DIR: "./own-prompts",
    }).services;
    expect([api?.ports, dashboard?.ports]).toEqual([["127.0.0.1:8001:8000"], ["127.0.0.1:3001:3000"]]);
    expect(worker).toMatchObject({
      stop_grace_period: "90s",
      deploy: { replicas: "4", resources: { limits: { memory: "512m", cpus: "1.5" } } },
      environment: { DASHBOARD_PORT: "3001" },
    });
    expect(worker?.volumes?.[0]).toMatchObject({ source: "./own-prompts", read_only: true });
  });

  it.each([
    ["off", {}],
    ["keys", { API_KEYS: "reader:k" }],
    ["off", { API_KEYS: "k", AUTH: "off" }],
  ])("makes a gateway that may listen everywhere, with auth %s, of %j", (mode, settings) => {
    const { api } = readComposeFile(composePath, settings).services;
    const { auth, allowedHosts } = gatewaySettings(api, settings);
    expect(auth.mode).toBe(mode);
    expect(allowedHosts).toEqual(["localhost", "127.0.0.1", "[::1]", "api"]);
  });

  it("refuses AUTH=on without keys", () => {
    const settings = { AUTH: "on" };
    const { api } = readComposeFile(composePath, settings).services;
    expect(loadConfig({ ...settings, ...api?.environment }, [exposure]).isValid).toBe(false);
  });
});

function gatewaySettings(api: ComposeService | undefined, settings: Record<string, string>) {
  const loaded = loadConfig({ ...settings, ...api?.environment }, [exposure]);
  if (!loaded.isValid) throw new Error(loaded.problems.join("\n"));
  expect(loaded.warnings).toEqual([]);
  return apiSettings(loaded.config, { servesDashboard: false });
}

describe("deploy/nginx.conf.template", () => {
  const template = readFileSync(join(root, "deploy/nginx.conf.template"), "utf8");

  it("says too large as the gateway does", () => {
    const { status, title } = errorTable.too_large;
    const [, body = ""] = /return 413 '(.*)';/.exec(template) ?? [];
    expect(JSON.parse(body)).toMatchObject({
      code: "too_large",
      type: "urn:workstream:error:too_large",
      status,
      title,
    });
  });

  it("is filled in with what deploy/start-nginx.sh sets, and nothing else", () => {
    const script = readFileSync(join(root, "deploy/start-nginx.sh"), "utf8");
    const wanted = new Set(Array.from(template.matchAll(/\$\{([A-Z_]+)\}/g), ([, name]) => name));
    const set = new Set(Array.from(script.matchAll(/^export ([A-Z_]+)=/gm), ([, name]) => name));
    const [, listed = ""] = /^names='(.*)'$/m.exec(script) ?? [];
    expect(wanted).toEqual(set);
    expect(new Set(listed.match(/[A-Z_]+/g))).toEqual(set);
  });
});
