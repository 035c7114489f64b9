import type { TaskDetail } from "@workstream/core";

export type UploadedFile = {
  filename: string;
  bytes: number;
  contentType: string;
  issueDate: string | null;
  otherMetadata: Record<string, unknown>;
};

/** The file that a task was created from, as the gateway notes it in the metadata; null for a task without one. */
export function uploadOf({ metadata, content }: TaskDetail): UploadedFile | null {
  const {
    filename,
    file_size: bytes,
    content_type: contentType,
    issue_date: issueDate,
    ...otherMetadata
  } = metadata;
  if (typeof bytes !== "number" || typeof contentType !== "string") return null;
  return {
    filename: typeof filename === "string" ? filename : (content ?? "file"),
    bytes,
    contentType,
    issueDate: typeof issueDate === "string" ? issueDate : null,
    otherMetadata,
  };
}
