/** The scene of the pictures: a shop's fleet on a busy day. Everything in it is made up, and made the same each time. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Client, createClient } from "@workstream/client";
import { until } from "@workstream/testing";
import { extractPdf } from "../../packages/tasks/src/pdfxtract/extract-pdf.ts";
import { newspaperPdf } from "../../packages/tasks/src/pdfxtract/pdf-fixture.ts";
import { DashboardStage } from "./dashboard-stage.ts";
import { balanceNow, ShowcaseHistory } from "./showcase-history.ts";
import * as scene from "./showcase-scene.ts";

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), "modules");
const namedHost = pathToFileURL(join(modules, "named-host.mjs")).href;
const onHost = (name: string) => ({ NODE_OPTIONS: `--import=${namedHost}`, SHOWN_HOST: name });
const slotsOfWorker = 8;

export type ShownTasks = Record<"text" | "pdf" | "failed" | "letter", string>;

export class Showcase {
  readonly url: string;
  readonly tasks: ShownTasks;
  readonly history: ShowcaseHistory;
  readonly #stage: DashboardStage;

  static async open(): Promise<Showcase> {
    const stage = await DashboardStage.open("redis", {
      hasModel: true,
      redis: { appendonly: "yes", maxmemory: "2000000000" },
      module: join(modules, "showcase-tasks.mjs"),
      env: { WORKER_CONCURRENCY: String(slotsOfWorker), ...onHost("bergen-1") },
    });
    try {
      for (const host of ["bergen-2", "lund-1"]) stage.startWorker({ ...onHost(host), DASHBOARD: "off" });
      const history = new ShowcaseHistory(stage.server?.url ?? "");
      const client = createClient({ baseUrl: stage.url });
      await until("three workers", async () => (await client.workers.list()).healthy_workers === 3);
      const tasks = await playScene(stage, client);
      await history.writeServices();
      await history.writeMinutes(24 * 60);
      return new Showcase(stage, history, tasks);
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  private constructor(stage: DashboardStage, history: ShowcaseHistory, tasks: ShownTasks) {
    this.#stage = stage;
    this.url = stage.url;
    this.history = history;
    this.tasks = tasks;
  }

  async close(): Promise<void> {
    await this.history.close();
    await this.#stage.close();
  }
}

/** What ends comes first, then what fails, then what keeps the slots busy, and last what a visitor sees on top. */
async function playScene(stage: DashboardStage, client: Client): Promise<ShownTasks> {
  await stage.fake?.control({ balance: balanceNow, usage: 1.06, latencyMs: 700 });
  for (let part = 0; part < 4; part++) await stage.addMany(scene.pictures(part));
  await stage.addMany([...scene.addresses, ...scene.brokenTasks]);
  const pdf = await readNewspaper(stage, client);
  const { task_id: text } = await client.tasks.summarize(scene.text);
  await Promise.all([pdf, text].map((id) => stage.taskIs(id, "COMPLETED", 60_000)));
  const failed = await stage.add("sync-contacts", { book: "suppliers.example", works: 4 });
  await stage.taskIs(failed, "COMPLETED", 60_000);
  await stage.addMany(scene.forecasts);
  await until("an open breaker", async () => (await client.services.get("weather")).state === "open");
  await stage.addMany(scene.forecasts);
  await cancelSome(client);
  await stage.addMany(scene.slowBooks);
  await settled(client);
  await client.queues.pause("reports");
  await stage.addMany([...scene.reports, ...scene.imports]);
  const [letter = ""] = await stage.addMany(scene.letters);
  await stage.taskIs(letter, "ACTIVE");
  for (const tasks of scene.latest) {
    await stage.addMany(tasks);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
  return { text, pdf, failed, letter };
}

/** The model that reads the pages is a pretended one, and so it is told what stands on them. */
async function readNewspaper(stage: DashboardStage, client: Client): Promise<string> {
  const { pages, issue_date } = await extractPdf(newspaperPdf(), { filename: scene.newspaper });
  const rules = pages.map(({ page_number: page, articles }) => ({
    prompt: `page ${page} of ${pages.length}`,
    answer: { text: JSON.stringify({ issue_date, articles }) },
  }));
  await stage.fake?.control({ rules });
  const file = new Blob([Buffer.from(newspaperPdf())], { type: "application/pdf" });
  return (await client.tasks.pdfxtract({ file, filename: scene.newspaper })).task_id;
}

async function cancelSome(client: Client): Promise<void> {
  for (const book of ["old-newsletter", "trade-fair-2024", "test-list"]) {
    const body = { input: { book }, delay_seconds: 3_600 };
    const { task_id: id } = await client.tasks.create("sync-contacts", body);
    await client.tasks.cancel(id);
  }
}

function settled(client: Client): Promise<unknown> {
  return until(
    "nothing to wait or run",
    async () => {
      const { states } = await client.queues.status();
      return states.PENDING + states.ACTIVE === 0;
    },
    { timeoutMs: 60_000 },
  );
}
