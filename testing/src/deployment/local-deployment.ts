/**
 * The services of docker-compose.yml on this machine, without Docker: the images as deploy/Dockerfile builds them, Redis
 * with the flags of the compose file, one gateway, workers, and nginx with its own configuration.
 *
 * Ports are free ones on 127.0.0.1, so HOST, API_PORT, REDIS_URL and nginx's idea of the gateway differ from compose's.
 * Bind mounts become copies: the user of the processes may not be able to read the project's folder.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "../free-port.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { until } from "../until.ts";
import { type BuiltImage, buildImages } from "./build-images.ts";
import { type ComposeFile, type ComposeService, readComposeFile } from "./compose-file.ts";
import { LocalContainer } from "./local-container.ts";

export type LocalDeploymentOptions = {
  /** The project's folder. */
  root: string;
  /** An empty folder that every user may enter. */
  into: string;
  /** Settings as in .env. */
  settings?: Readonly<Record<string, string>>;
  /** Mounted in the place of ./tasks. */
  tasks?: string;
  /** Takes the project's own node_modules for the build, as Docker takes a layer that it has, instead of installing anew. */
  reusesInstall?: boolean;
};

type Ports = { api: number; dashboard: number };

export class LocalDeployment {
  readonly url: string;
  readonly apiUrl: string;
  readonly redis: RedisServer;
  readonly compose: ComposeFile;
  /** Whether there was no built dashboard, and a page of ours took its place. */
  readonly hasStandIn: boolean;
  readonly #options: LocalDeploymentOptions;
  readonly #images: Map<string, BuiltImage>;
  readonly #ports: Ports;
  readonly #containers = new Set<LocalContainer>();

  /** Builds the images and starts Redis; the rest is started by hand. */
  static async prepare(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const compose = readComposeFile(join(options.root, "docker-compose.yml"), options.settings);
    let hasStandIn = false;
    const images = buildImages({
      context: options.root,
      dockerfile: serviceOf(compose, "api").build?.dockerfile ?? "",
      into: options.into,
      insteadOfRun: (command, folder) =>
        options.reusesInstall === true && isFullInstall(command) && linkPackages(options.root, folder),
      afterRun: (_, folder) => {
        hasStandIn = standInForDashboard(folder) || hasStandIn;
      },
    });
    const config = redisConfig(serviceOf(compose, "redis").command ?? []);
    const redis = await startRedisServer({ config });
    const ports = { api: await freePort(), dashboard: await freePort() };
    return new LocalDeployment({ options, compose, images, redis, ports, hasStandIn });
  }

  private constructor(parts: {
    options: LocalDeploymentOptions;
    compose: ComposeFile;
    images: Map<string, BuiltImage>;
    redis: RedisServer;
    ports: Ports;
    hasStandIn: boolean;
  }) {
    this.#options = parts.options;
    this.#images = parts.images;
    this.#ports = parts.ports;
    this.compose = parts.compose;
    this.redis = parts.redis;
    this.hasStandIn = parts.hasStandIn;
    this.url = `http://127.0.0.1:${parts.ports.dashboard}`;
    this.apiUrl = `http://127.0.0.1:${parts.ports.api}`;
    this.#mount();
  }

  async startApi(): Promise<LocalContainer> {
    const api = this.#start("api", "program", this.#programEnvironment("api"));
    await this.#answers(`${this.apiUrl}/ready`, api);
    return api;
  }

  startWorker(): LocalContainer {
    return this.#start("worker", "program", this.#programEnvironment("worker"));
  }

  async startDashboard(): Promise<LocalContainer> {
    const dashboard = this.#start("dashboard", "dashboard", {
      ...serviceOf(this.compose, "dashboard").environment,
      GATEWAY: `127.0.0.1:${this.#ports.api}`,
      RESOLVER: "",
      LISTEN: `127.0.0.1:${this.#ports.dashboard}`,
      NGINX_TMP: this.#tmp("dashboard"),
      ACCESS_LOG: "off",
    });
    await this.#answers(`${this.url}/`, dashboard);
    return dashboard;
  }

  image(name: string): BuiltImage {
    const image = this.#images.get(name);
    if (!image) throw new Error(`deploy/Dockerfile has no stage "${name}".`);
    return image;
  }

  /** Runs a service's health check from the compose file in one of its containers. */
  check(service: string, container: LocalContainer): number | null {
    const [kind, ...command] = serviceOf(this.compose, service).healthcheck?.test ?? [];
    if (kind !== "CMD") throw new Error(`${service} has no health check in the form CMD.`);
    return container.run(
      command.map((word) => word.replaceAll("127.0.0.1:8000", `127.0.0.1:${this.#ports.api}`)),
    ).status;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#containers].map((container) => container.end("SIGKILL")));
    await this.redis.stop();
  }

  #start(service: string, image: string, env: Record<string, string>): LocalContainer {
    const container = new LocalContainer({
      image: this.image(image),
      env,
      tmp: this.#tmp(service),
      ...commandOf(serviceOf(this.compose, service)),
    });
    this.#containers.add(container);
    return container;
  }

  #programEnvironment(service: string): Record<string, string> {
    const { environment = {} } = serviceOf(this.compose, service);
    return {
      ...this.#options.settings,
      ...environment,
      REDIS_URL: this.redis.url,
      HOST: "127.0.0.1",
      API_PORT: String(this.#ports.api),
      DASHBOARD_PORT: String(this.#ports.dashboard),
      WORKSTREAM_URL: this.apiUrl,
      PROMPTS_DIR: join(this.image("program").root, environment.PROMPTS_DIR ?? ""),
    };
  }

  #mount(): void {
    const { root, tasks = "" } = this.#options;
    for (const mount of serviceOf(this.compose, "worker").volumes ?? []) {
      if (typeof mount === "string") continue;
      const source = mount.target.endsWith("/tasks") && tasks ? tasks : resolve(root, mount.source);
      cpSync(source, join(this.image("program").root, mount.target), { recursive: true });
    }
  }

  #tmp(service: string): string {
    return join(this.#options.into, `tmp-${service}`);
  }

  async #answers(url: string, container: LocalContainer): Promise<void> {
    await until(
      url,
      async () => {
        if (!container.isRunning) throw new Error(`It ended before ${url} answered:\n${container.output}`);
        return (await fetch(url).catch(() => null))?.ok;
      },
      { timeoutMs: 20_000, everyMs: 50 },
    );
  }
}

function serviceOf(compose: ComposeFile, name: string): ComposeService {
  const service = compose.services[name];
  if (!service) throw new Error(`docker-compose.yml has no service "${name}".`);
  return service;
}

function commandOf({ command }: ComposeService): { command?: string[] } {
  return command ? { command } : {};
}

function isFullInstall(command: string): boolean {
  return command.startsWith("npm ci") && !command.includes("--omit");
}

/** False on another file system, where there are no hard links. */
function linkPackages(root: string, folder: string): boolean {
  const links = ["-al", join(root, "node_modules"), join(folder, "node_modules")];
  return spawnSync("cp", links).status === 0;
}

/** `redis-server --name value …` as settings. */
function redisConfig([, ...flags]: readonly string[]): Record<string, string> {
  const pairs = flags.flatMap((flag, at) => (at % 2 === 0 ? [[flag.slice(2), flags[at + 1] ?? ""]] : []));
  return Object.fromEntries(pairs);
}

/** A checkout without the dashboard's sources builds none; then a page with one asset stands in its place. */
function standInForDashboard(folder: string): boolean {
  const dashboard = join(folder, "dist/dashboard");
  if (!existsSync(join(folder, "dist/lib")) || existsSync(dashboard) || existsSync(join(folder, "dashboard")))
    return false;
  mkdirSync(join(dashboard, "assets"), { recursive: true });
  const script = `document.title = "stand-in"; ${"// padding\n".repeat(200)}`;
  writeFileSync(join(dashboard, "assets/index-00000000.js"), script);
  const page =
    '<!doctype html><title>Workstream</title><script type="module" src="/assets/index-00000000.js"></script>';
  writeFileSync(join(dashboard, "index.html"), page);
  return true;
}
