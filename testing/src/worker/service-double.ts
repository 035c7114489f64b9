import { primaryQueue } from "@workstream/core";
import { defineService, defineTask, type ServiceDefinition, type ServiceOptions } from "@workstream/worker";
import { z } from "zod";

/** A service that is up or down as the test says, and knows who called it when. */
export class ServiceDouble {
  readonly definition: ServiceDefinition;
  readonly calls: { by: string; at: number; isOk: boolean }[] = [];
  isUp = true;
  /** What a call waits for before it ends. */
  ending: () => Promise<void> = async () => {};

  constructor(options: Partial<ServiceOptions> = {}) {
    this.definition = defineService({ name: "model", ...options });
  }

  async call(by: string): Promise<string> {
    const call = { by, at: performance.now(), isOk: this.isUp };
    this.calls.push(call);
    await this.ending();
    if (!call.isOk) throw new Error("The service is down.");
    return `answer to ${by}`;
  }

  callsBy(by: string): number {
    return this.calls.filter((call) => call.by === by).length;
  }

  /** When it was first called by `by`, ms on the monotonic clock. */
  calledAt(by: string): number {
    const call = this.calls.find((each) => each.by === by);
    if (!call) throw new Error(`${by} has not called.`);
    return call.at;
  }
}

const text = z.string();

/** A task type whose handler asks the service once, in the name of its input. `runs` tells who began to run. */
export function asking(service: ServiceDouble, options: { timeoutMs?: number } = {}) {
  const runs: { by: string; attempt: number }[] = [];
  const definition = defineTask({
    ...{ type: "ask", queue: primaryQueue, input: text, output: text, services: [service.definition] },
    ...{ retry: { schedules: { Default: [0.05] }, maxRetries: 20 }, ...options },
    run(by, context) {
      runs.push({ by, attempt: context.attempt });
      return context.service("model").call(() => service.call(by));
    },
  });
  return { definition, runs };
}
