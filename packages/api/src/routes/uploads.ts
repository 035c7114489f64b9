/** Tasks whose input is a file: one multipart route per type, pdfxtract first among them. */
import multipart from "@fastify/multipart";
import {
  createdTaskSchema,
  hasOneStart,
  type InputWriter,
  isErrorCode,
  type NewTask,
  oneStart,
  type TaskOptions,
  type TaskTypeInfo,
  uploadFieldsSchema,
  uploadQuerySchema,
  WorkstreamError,
} from "@workstream/core";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { acceptTask } from "../accept-task.ts";
import type { ApiContext, RoutePlugin } from "../api-context.ts";
import { creationProblems, problems } from "../documented-problems.ts";
import { idempotencyHeaderSchema, idempotencyKey, toIdempotency } from "../idempotency.ts";
import { invalidInput, parseWith, validateInput } from "../input-validator.ts";
import { newTask } from "../new-task.ts";
import { formOverheadBytes, readUploadForm, type UploadForm } from "../upload-form.ts";
import { type FileRules, tooLarge } from "../uploaded-file.ts";

const pdfType = "pdfxtract";

const formSchema = z.object({
  file: z.file().describe("The file; its bytes are checked, not its name"),
  ...uploadFieldsSchema.shape,
});

export const uploadRoutes: RoutePlugin = async (app, { context }) => {
  app.removeAllContentTypeParsers();
  await app.register(multipart);
  // Anything else gets here unread, so that a missing body and a wrong one can be told apart.
  app.addContentTypeParser("*", (_request, _payload, done) => done(null, undefined));

  for (const info of context.catalog.list().filter(({ takesFile }) => takesFile)) {
    app.route({
      method: "POST",
      url: `/api/v1/tasks/${info.type}`,
      config: { role: "submitter" },
      bodyLimit: context.settings.maxUploadBytes + formOverheadBytes,
      // The form is read and checked by the handler, as a stream; its schema here is for the document.
      validatorCompiler: (route) => (route.httpPart === "body" ? () => true : validateInput(route)),
      schema: {
        tags: ["Creating tasks"],
        summary: `Create a ${info.type} task from a file`,
        description: info.description,
        consumes: ["multipart/form-data"],
        headers: idempotencyHeaderSchema,
        querystring: uploadQuerySchema,
        body: formSchema,
        response: { 201: createdTaskSchema, ...problems("not_a_pdf", ...creationProblems) },
      },
      handler: async (request, reply) => {
        const created = await upload(context, info, request);
        return located(reply, created.task_id).send(created);
      },
    });
  }
};

function located(reply: FastifyReply, taskId: string): FastifyReply {
  return reply.code(201).header("location", `/api/v1/tasks/${taskId}`);
}

async function upload(context: ApiContext, info: TaskTypeInfo, request: FastifyRequest) {
  const { inputs, tasks } = context.stores;
  const rules: FileRules = { isPdf: info.type === pdfType, maxBytes: context.settings.maxUploadBytes };
  checkBody(request, rules);
  const id = tasks.mintId(idempotencyKey(request.headers, null) ?? undefined);
  let writer: InputWriter | null = null;
  const openWriter = async () => {
    writer = await inputs.open(id);
    return writer;
  };
  const discard = async () =>
    writer?.abort().catch((error) => request.log.warn({ err: error }, "an upload stays"));
  try {
    const form = await readUploadForm(request, openWriter, rules);
    const created = await acceptTask(context, fileTask(context, { id, info, form, request }));
    if (created.task_id !== id) await discard();
    return created;
  } catch (error) {
    // The task may have been accepted, and then it needs its bytes.
    if (!isErrorCode(error, "outcome_unknown")) await discard();
    throw error;
  }
}

/** Refuses what needs no reading to be refused. */
function checkBody(request: FastifyRequest, { maxBytes }: FileRules): void {
  const length = Number(request.headers["content-length"] ?? 0);
  const hasBody = length > 0 || request.headers["transfer-encoding"] !== undefined;
  if (!request.isMultipart()) {
    if (!hasBody)
      throw invalidInput([{ pointer: "/file", detail: "A multipart body with a file is required." }]);
    throw new WorkstreamError(
      "unsupported_media_type",
      "Send the file as multipart/form-data, in the field `file`.",
    );
  }
  if (length > maxBytes + formOverheadBytes) throw tooLarge(maxBytes);
}

type Upload = { id: string; info: TaskTypeInfo; form: UploadForm; request: FastifyRequest };

function fileTask(context: ApiContext, { id, info, form: { file, fields }, request }: Upload): NewTask {
  const { issue_date: issueDate = null, ...fromForm } = parseWith(uploadFieldsSchema, fields);
  const options: TaskOptions = { ...(request.query as z.output<typeof uploadQuerySchema>), ...fromForm };
  if (!hasOneStart(options)) throw invalidInput([{ pointer: "/run_at", detail: oneStart.error }]);
  const key = idempotencyKey(request.headers, options.idempotency_key);
  const body = { type: info.type, sha256: file.sha256, name: file.name, issueDate };
  const metadata = {
    ...options.metadata,
    filename: file.name,
    issue_date: issueDate,
    file_size: file.size,
    content_type: info.type === pdfType ? "application/pdf" : file.contentType,
  };
  return newTask(context, id, {
    info,
    contentKind: "file",
    content: file.name,
    options: { ...options, metadata },
    idempotency: toIdempotency(key, body, options),
  });
}
