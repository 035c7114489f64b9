import { setTimeout as sleep } from "node:timers/promises";
import type { CreatedTask, TaskSummaryPage } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import { brokenPdfs, type DemoText, demoLanguages, demoTexts } from "./demo-texts.ts";
import type { GatewayClient } from "./gateway-client.ts";

export type DemoPlan = {
  count: number;
  /** Between one task and the next. */
  pauseMs: number;
  languages: readonly string[];
  withFailing: boolean;
};

export type DemoTask = { id: string; label: string };

/** The mark by which --cleanup knows its own. */
const demoMark = { demo: true };

/** Creates the tasks of a demo, one after another, and tells of each as soon as it is accepted. */
export async function* createDemoTasks(gateway: GatewayClient, plan: DemoPlan): AsyncGenerator<DemoTask> {
  const texts = demoTexts.filter(({ language }) => plan.languages.includes(language));
  for (let index = 0; index < plan.count; index++) {
    const text = texts[index % texts.length];
    if (index > 0) await sleep(plan.pauseMs);
    if (text) yield await createSummary(gateway, text);
  }
  if (!plan.withFailing) return;
  for (const { name, content } of brokenPdfs) yield await createBrokenPdf(gateway, name, content);
}

/** All languages for a bare --languages, English without one. */
export function chosenLanguages(option: true | string | undefined): readonly string[] {
  if (option === undefined) return ["en"];
  if (option === true) return demoLanguages;
  const chosen = option.split(",").map((code) => code.trim());
  const unknown = chosen.filter((code) => !demoLanguages.includes(code));
  if (unknown.length === 0) return chosen;
  throw new CliError(
    "badUsage",
    `There are no texts in ${unknown.join(", ")}: use ${demoLanguages.join(", ")}.`,
  );
}

async function createSummary(gateway: GatewayClient, { language, title, text }: DemoText): Promise<DemoTask> {
  const metadata = { ...demoMark, language, title };
  const created = await gateway.post<CreatedTask>("/api/v1/tasks/summarize", { content: text, metadata });
  return { id: created.task_id, label: `${language} ${title}` };
}

async function createBrokenPdf(gateway: GatewayClient, name: string, content: string): Promise<DemoTask> {
  const form = new FormData();
  form.set("file", new Blob([content], { type: "application/pdf" }), name);
  const query = { metadata: JSON.stringify(demoMark) };
  const created = await gateway.upload<CreatedTask>("/api/v1/tasks/pdfxtract", form, query);
  return { id: created.task_id, label: `broken ${name}` };
}

/** Deletes every task that a demo made, and answers how many. */
export async function deleteDemoTasks(gateway: GatewayClient): Promise<number> {
  const found = await Promise.all(["summarize", "pdfxtract"].map((type) => findDemoTasks(gateway, type)));
  const ids = found.flat();
  for (const id of ids) await deleteIfThere(gateway, id);
  return ids.length;
}

async function findDemoTasks(gateway: GatewayClient, type: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query = { task_type: type, page_size: 100, ...(cursor && { cursor }) };
    const page: TaskSummaryPage = await gateway.get("/api/v1/tasks/summaries", query);
    ids.push(...page.tasks.filter(({ metadata }) => metadata.demo === true).map(({ task_id }) => task_id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

async function deleteIfThere(gateway: GatewayClient, id: string): Promise<void> {
  try {
    await gateway.delete(`/api/v1/tasks/${id}`);
  } catch (error) {
    if (!(error instanceof CliError) || error.reason !== "notFound") throw error;
  }
}
