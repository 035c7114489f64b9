/** Reads a multipart form with one file, its fields before or after it. */

import type { MultipartFile, MultipartValue } from "@fastify/multipart";
import type { InputWriter } from "@workstream/core";
import { WorkstreamError } from "@workstream/core";
import type { FastifyRequest } from "fastify";
import { safeFileName } from "./file-name.ts";
import { invalidInput } from "./input-validator.ts";
import { type FileRules, orUploadFault, type StoredFile, storeFile } from "./uploaded-file.ts";

export type UploadedFile = StoredFile & { name: string; contentType: string };
export type UploadForm = { file: UploadedFile; fields: Record<string, string> };

const maxFieldBytes = 64 * 1024;
/** Field names, boundaries and part headers beside the file. */
export const formOverheadBytes = 1024 * 1024;

/**
 * Streams the file to what `openWriter` opens and collects the other fields.
 * @throws invalid_input for no file, two files or two fields of one name · what storeFile throws
 */
export async function readUploadForm(
  request: FastifyRequest,
  openWriter: () => Promise<InputWriter>,
  rules: FileRules,
): Promise<UploadForm> {
  const fields: Record<string, string> = {};
  let file: UploadedFile | null = null;
  const limits = {
    fileSize: rules.maxBytes,
    fieldSize: maxFieldBytes,
    fields: 32,
    parts: 40,
    headerPairs: 40,
  };
  for await (const part of orUploadFault(request.parts({ limits }))) {
    if (part.type === "field") {
      addField(fields, part);
      continue;
    }
    checkPart(part, file);
    file = await storePart(part, openWriter, rules);
  }
  if (file === null) throw fieldFault("file", "A file is required.");
  return { file, fields };
}

function checkPart(part: MultipartFile, earlier: UploadedFile | null): void {
  const fault = partFault(part, earlier);
  if (fault === null) return;
  part.file.destroy();
  throw fieldFault(part.fieldname, fault);
}

function partFault({ fieldname, filename }: MultipartFile, earlier: UploadedFile | null): string | null {
  if (fieldname !== "file") return "The file belongs in the field `file`.";
  if (earlier !== null) return "One task takes one file.";
  // Browsers send a field that was left empty as a file without a name.
  return filename === "" ? "A file is required." : null;
}

async function storePart(
  part: MultipartFile,
  openWriter: () => Promise<InputWriter>,
  rules: FileRules,
): Promise<UploadedFile> {
  const stored = await storeFile(part.file, await openWriter(), rules);
  return { ...stored, name: safeFileName(part.filename, "upload"), contentType: mediaType(part.mimetype) };
}

function addField(fields: Record<string, string>, part: MultipartValue): void {
  if (part.valueTruncated) throw new WorkstreamError("too_large", `The field ${part.fieldname} is too long.`);
  if (Object.hasOwn(fields, part.fieldname)) throw fieldFault(part.fieldname, "It is there twice.");
  const { value } = part;
  fields[part.fieldname] = typeof value === "string" ? value : JSON.stringify(value);
}

function fieldFault(name: string, detail: string): WorkstreamError {
  return invalidInput([{ pointer: `/${name}`, detail }]);
}

/** The declared media type, if it is one. */
function mediaType(declared: string): string {
  const isOne = /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,64}$/i.test(declared);
  return isOne ? declared.toLowerCase() : "application/octet-stream";
}
