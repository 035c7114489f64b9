import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ApiSettings, createApi, createDashboard } from "@workstream/api";
import type { Stores, TaskCatalog } from "@workstream/core";
import { createWorker, type TaskDefinition, type Worker } from "@workstream/worker";
import type { Logger } from "pino";
import { apiSettings } from "./api-settings.ts";
import type { Config } from "./config-schema.ts";
import { type App, listen } from "./listen.ts";
import { openStores } from "./open-stores.ts";
import { serviceDirectory } from "./service-directory.ts";
import { workerSettings } from "./worker-settings.ts";

/** What a process does: `up` does both. */
export type ServiceRoles = { servesApi: boolean; runsTasks: boolean };

export type ServiceParts = {
  config: Config;
  roles: ServiceRoles;
  definitions: readonly TaskDefinition[];
  catalog: TaskCatalog;
  logger: Logger;
  /** The built dashboard, where there is one. */
  dashboardFolder: string;
};

export type StopOptions = { graceMs: number; isForced: boolean };

/** A store, and on it a gateway, a worker, or both; from the start to the stop of a process. */
export class RunningService {
  /** Where the gateway answers; null without one. */
  address: string | null = null;
  /** Where the dashboard is; null without one. */
  dashboardAddress: string | null = null;
  readonly #parts: ServiceParts;
  readonly #stores: Stores;
  readonly #apps: App[] = [];
  #worker: Worker | null = null;

  private constructor(parts: ServiceParts, stores: Stores) {
    this.#parts = parts;
    this.#stores = stores;
  }

  /** @throws what kept a part from starting; then nothing is left open */
  static async start(parts: ServiceParts): Promise<RunningService> {
    const service = new RunningService(parts, await openStores(parts.config, parts.logger));
    try {
      await service.#warnOfStore();
      if (parts.roles.servesApi) await service.#openGateway();
      if (parts.roles.runsTasks) service.#startWorker();
      return service;
    } catch (error) {
      await service.stop({ graceMs: 0, isForced: true });
      throw error;
    }
  }

  /**
   * Stops accepting and claiming at once. Requests and tasks that are under way may finish within `graceMs`, or are
   * cut off and handed back when forced; the store closes last, for both need it until then.
   */
  async stop({ graceMs, isForced }: StopOptions): Promise<void> {
    await Promise.all([this.#closeApps(graceMs), this.#worker?.drain({ force: isForced })]);
    await this.#stores.close();
  }

  /** What a store that evicts or forgets will do to tasks should stand in the log before it happens. */
  async #warnOfStore(): Promise<void> {
    const { warnings } = await this.#stores.probe.check();
    for (const warning of warnings) this.#parts.logger.warn(warning);
  }

  async #openGateway(): Promise<void> {
    const { config, definitions, catalog, logger } = this.#parts;
    const servesDashboard = this.#hasDashboard();
    const settings = apiSettings(config, { servesDashboard });
    const services = serviceDirectory(config, definitions);
    const gateway = await createApi({ stores: this.#stores, catalog, services, settings, logger });
    this.#apps.push(gateway);
    const remedy = "API_PORT to another port";
    this.address = await listen(gateway, { host: config.HOST, port: config.API_PORT, remedy });
    if (servesDashboard) await this.#openDashboard(gateway, settings);
  }

  #hasDashboard(): boolean {
    const { config, dashboardFolder, logger } = this.#parts;
    if (config.DASHBOARD === "off") return false;
    if (existsSync(join(dashboardFolder, "index.html"))) return true;
    logger.warn("the dashboard is not served, for it was not built: npm run build does that");
    return false;
  }

  async #openDashboard(gateway: App, settings: ApiSettings): Promise<void> {
    const { config, dashboardFolder: folder, logger } = this.#parts;
    const dashboard = await createDashboard({ folder, gateway, settings, logger });
    this.#apps.push(dashboard);
    const remedy = "DASHBOARD_PORT to another port, or DASHBOARD=off";
    this.dashboardAddress = await listen(dashboard, {
      host: config.HOST,
      port: config.DASHBOARD_PORT,
      remedy,
    });
  }

  #startWorker(): void {
    const { config, definitions, logger } = this.#parts;
    const settings = workerSettings(config);
    this.#worker = createWorker({ stores: this.#stores, definitions, settings, logger });
    this.#worker.start();
  }

  /** Together, because streams on the dashboard's port end with the gateway. */
  async #closeApps(graceMs: number): Promise<void> {
    const cutOff = setTimeout(() => {
      for (const { server } of this.#apps) server.closeAllConnections();
    }, graceMs);
    await Promise.all(this.#apps.map((app) => app.close()));
    clearTimeout(cutOff);
  }
}
