/** Results of parts of a task: the hash `steps:{id}`, name → value, with the sum of their bytes under the empty name. */
import { type Lease, maxStepsBytes, stepsKeptMs, type TaskSteps, WorkstreamError } from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

const sumField = "";

export class RedisTaskSteps implements TaskSteps {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async read(taskId: string): Promise<Map<string, string>> {
    const { connection, keys } = this.#link;
    const fields = await connection.read((client) => client.hgetall(keys.steps(taskId)));
    const steps = new Map(Object.entries(fields));
    steps.delete(sumField);
    return steps;
  }

  async write(workerId: string, { id, token }: Lease, { name, value }: { name: string; value: string }) {
    if (name === sumField) throw new WorkstreamError("invalid_input", "A step needs a name.");
    // Not even sent: a value of any size would hold Redis.
    if (Buffer.byteLength(name) + Buffer.byteLength(value) > maxStepsBytes) return "full";
    const { keys, scripts } = this.#link;
    const [outcome] = await scripts.run("write-step", {
      args: { workerId, id, token, name, value, maxBytes: maxStepsBytes, keptMs: stepsKeptMs },
      keys: [keys.task(id), keys.steps(id)],
    });
    return outcome;
  }

  async forget(taskId: string): Promise<void> {
    await this.#link.connection.write((client) => client.unlink(this.#link.keys.steps(taskId)));
  }
}
