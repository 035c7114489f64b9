import { createHash } from "node:crypto";
import { relative } from "node:path";
import { BaseSequencer, type TestSequencerConstructor, type TestSpecification } from "vitest/node";

/** The files that take longest, those that mostly wait between those that compute. */
const longest = [
  "testing/src/model/model.int.test.ts",
  "packages/tasks/src/pdfxtract/pdfxtract-task.int.test.ts",
  "testing/src/worker/running.int.test.ts",
  "testing/src/worker/claiming.int.test.ts",
  "packages/cli/src/commands.int.test.ts",
  "testing/src/worker/limiter.int.test.ts",
  "packages/cli/src/service.int.test.ts",
  "testing/src/worker/result-cache.int.test.ts",
  "packages/tasks/src/pdfxtract/extract-pdf.int.test.ts",
  "testing/src/worker/parking.int.test.ts",
  "packages/cli/src/load-task-modules.int.test.ts",
  "testing/src/worker/outage.int.test.ts",
  "testing/src/conformance/wake-up.int.test.ts",
  "testing/src/worker/breaker.int.test.ts",
  "testing/src/model/guard-model.int.test.ts",

  "e2e/outage.test.ts",
  "e2e/browser/accessibility.test.ts",
  "e2e/browser/journeys.test.ts",
  "e2e/parked-tasks.test.ts",
  "e2e/killed-workers.test.ts",
  "e2e/browser/outage.test.ts",
  "e2e/busy-loop.test.ts",
  "e2e/browser/dead-letters.test.ts",
];

/**
 * Starts the longest files of a project first: one that starts last runs on alone, with the other core idle. Vitest goes by the
 * times of earlier runs, of which a clean clone has none, and then by size. Files in `given` run in that order.
 * `--sequence.seed=7` is another order of all.
 */
export function longestFirst(given: readonly string[]): TestSequencerConstructor {
  const order = [...given, ...longest];
  const rank = (path: string) => (order.includes(path) ? order.indexOf(path) : order.length);
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      const { root, sequence } = this.ctx.config;
      const pathOf = ({ moduleId }: TestSpecification) => relative(root, moduleId);
      if (sequence.seed !== undefined)
        return byKey(files, (file) => hash(`${sequence.seed} ${pathOf(file)}`));
      const sorted = await super.sort(files);
      return sorted.toSorted((a, b) => rank(pathOf(a)) - rank(pathOf(b)));
    }
  };
}

function byKey<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
