import { createApi } from "@workstream/api";
import type { Stores, TaskCatalog } from "@workstream/core";
import { createWorker, type TaskDefinition, type Worker } from "@workstream/worker";
import type { Logger } from "pino";
import { apiSettings } from "./api-settings.ts";
import type { Config } from "./config-schema.ts";
import { type Gateway, listen } from "./listen.ts";
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
};

export type StopOptions = { graceMs: number; isForced: boolean };

/** A store, and on it a gateway, a worker, or both; from the start to the stop of a process. */
export class RunningService {
  /** Where the gateway answers; null without one. */
  address: string | null = null;
  readonly #parts: ServiceParts;
  readonly #stores: Stores;
  #gateway: Gateway | null = null;
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
    await Promise.all([this.#closeGateway(graceMs), this.#worker?.drain({ force: isForced })]);
    await this.#stores.close();
  }

  /** What a store that evicts or forgets will do to tasks should stand in the log before it happens. */
  async #warnOfStore(): Promise<void> {
    const { warnings } = await this.#stores.probe.check();
    for (const warning of warnings) this.#parts.logger.warn(warning);
  }

  async #openGateway(): Promise<void> {
    const { config, definitions, catalog, logger } = this.#parts;
    const settings = apiSettings(config);
    const services = serviceDirectory(config, definitions);
    this.#gateway = await createApi({ stores: this.#stores, catalog, services, settings, logger });
    this.address = await listen(this.#gateway, config);
  }

  #startWorker(): void {
    const { config, definitions, logger } = this.#parts;
    const settings = workerSettings(config);
    this.#worker = createWorker({ stores: this.#stores, definitions, settings, logger });
    this.#worker.start();
  }

  async #closeGateway(graceMs: number): Promise<void> {
    const gateway = this.#gateway;
    if (!gateway) return;
    const cutOff = setTimeout(() => gateway.server.closeAllConnections(), graceMs);
    await gateway.close();
    clearTimeout(cutOff);
  }
}
