/**
 * Accepting a large batch, all or none, though no script may hold Redis for long.
 *
 * The tasks are staged in parts under `batch:{id}`, where nobody looks and which lapses after 60 s. One short script
 * commits: from then on the batch is accepted. Its tasks are then created in parts, and if this process dies first,
 * `promote` in any worker goes on. A lost reply before the commit therefore means that nothing was accepted.
 */
import { randomUUID } from "node:crypto";
import { isErrorCode, WorkstreamError } from "@workstream/core";
import { type BatchOutcome, type IntakeRecord, intakeKeys, readOutcomes } from "./intake-record.ts";
import { intakeFields } from "./scripts.ts";
import type { StoreLink } from "./store-link.ts";

type StagedPart = { isRefused: boolean; words: string[]; created: number };

const maxRestarts = 5;

export class BatchIntake {
  readonly #link: StoreLink;

  constructor(link: StoreLink) {
    this.#link = link;
  }

  async enqueue(parts: readonly IntakeRecord[][]): Promise<BatchOutcome[]> {
    for (let attempt = 1; attempt <= maxRestarts; attempt++) {
      const outcomes = await this.#attempt(parts);
      if (outcomes) return outcomes;
    }
    throw new WorkstreamError(
      "store_unavailable",
      "Others with the same keys displaced this batch; repeat it.",
    );
  }

  /** Creates the next tasks of a committed batch until none is left. */
  async applyAll(batchId: string, partSize: number): Promise<void> {
    while ((await this.#apply(batchId, partSize)) > 0);
  }

  /** Null when the batch was gone before it was committed. */
  async #attempt(parts: readonly IntakeRecord[][]): Promise<BatchOutcome[] | null> {
    const batchId = randomUUID();
    const staged = await this.#stageAll(batchId, parts);
    const isRefused = staged.some((part) => part.isRefused);
    if (isRefused) await this.#discard(batchId);
    else if (!(await this.#acceptAll(batchId, staged))) return null;
    return staged.flatMap(({ words }) => readOutcomes(words, isRefused));
  }

  async #stageAll(batchId: string, parts: readonly IntakeRecord[][]): Promise<StagedPart[]> {
    const staged: StagedPart[] = [];
    try {
      for (const part of parts) staged.push(await this.#stage(batchId, part));
      return staged;
    } catch (error) {
      if (!isErrorCode(error, "outcome_unknown")) throw error;
      throw new WorkstreamError("store_unavailable", `${error.message} Nothing was accepted.`, {
        cause: error,
      });
    }
  }

  async #stage(batchId: string, records: readonly IntakeRecord[]): Promise<StagedPart> {
    const { keys, scripts } = this.#link;
    const declared = [keys.batch(batchId), ...records.flatMap((record) => intakeKeys(record, keys))];
    const [verdict, ...words] = await scripts.run("stage-batch", {
      args: { batchId },
      records,
      keys: declared,
    });
    const created = words.filter((word, at) => at % 3 === 0 && word === "created").length;
    return { isRefused: verdict === "refused", words, created };
  }

  /** False when it was swept or displaced before the commit. */
  async #acceptAll(batchId: string, staged: readonly StagedPart[]): Promise<boolean> {
    const total = staged.reduce((sum, { created }) => sum + created, 0);
    if (total === 0) return true;
    const [outcome] = await this.#link.scripts.run("commit-batch", {
      args: { batchId, length: total * intakeFields.length },
      keys: [this.#link.keys.batch(batchId)],
    });
    if (outcome === "gone") return false;
    try {
      for (const { created } of staged) if (created > 0) await this.#apply(batchId, created);
    } catch (error) {
      // Accepted all the same: `promote` goes on where this stopped.
      if (!isErrorCode(error, "outcome_unknown", "store_unavailable")) throw error;
    }
    return true;
  }

  /** Answers how many values are left. */
  async #apply(batchId: string, count: number): Promise<number> {
    const keys = [this.#link.keys.batch(batchId)];
    const [, left] = await this.#link.scripts.run("apply-batch", { args: { batchId, count }, keys });
    return left;
  }

  async #discard(batchId: string): Promise<void> {
    await this.#link.connection.write((client) => client.unlink(this.#link.keys.batch(batchId)));
  }
}
