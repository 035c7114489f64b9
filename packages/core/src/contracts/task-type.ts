/** Task types, for forms and clients. */
import { z } from "zod";
import type { TaskTypeInfo } from "../ports/catalog.ts";

const jsonSchema = z.record(z.string(), z.unknown());

export const taskTypeSchema = z.object({
  type: z.string(),
  queue: z.string(),
  description: z.string(),
  input_schema: jsonSchema.meta({ description: "JSON Schema, draft 2020-12" }),
  output_schema: jsonSchema,
  takes_file: z.boolean().meta({ description: "The input is an uploaded file, sent as multipart" }),
});
export type TaskType = z.infer<typeof taskTypeSchema>;

export function toTaskType(info: TaskTypeInfo): TaskType {
  return {
    type: info.type,
    queue: info.queue,
    description: info.description,
    input_schema: info.inputSchema,
    output_schema: info.outputSchema,
    takes_file: info.takesFile,
  };
}
