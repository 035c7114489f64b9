import type { TaskDefinition } from "@workstream/worker";
import { pdfxtract } from "./pdfxtract/pdfxtract-task.ts";
import { summarize } from "./summarize/summarize-task.ts";

/** The task types that every installation has. */
export function builtInTasks(): TaskDefinition[] {
  return [summarize, pdfxtract];
}

export { pdfxtract, summarize };
