import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect, useState } from "react";
import { formatBytes } from "../../../lib/format/numbers.ts";
import type { UploadedFile } from "../../../lib/uploaded-file.ts";
import { Button } from "../../../ui/button.tsx";
import { QueryView } from "../../../ui/query-view.tsx";
import { Skeleton } from "../../../ui/skeleton.tsx";
import { inputQuery } from "../task-screen-queries.ts";

type PdfDocumentProps = {
  taskId: string;
  file: UploadedFile /** Shown at this page where the browser can. */;
  page?: number;
};

/** The file itself, in the browser's own viewer, and a way to keep it. */
export function PdfDocument({ taskId, file, page }: PdfDocumentProps) {
  const query = useQuery(inputQuery(taskId));
  return (
    <QueryView query={query} loading={<Skeleton className="h-[36rem] w-full" />}>
      {(blob) => <Viewer blob={blob} file={file} page={page} />}
    </QueryView>
  );
}

function Viewer({ blob, file, page }: { blob: Blob; file: UploadedFile; page: number | undefined }) {
  const url = useBlobUrl(blob, file.contentType);
  if (url === null) return null;
  return (
    <div className="flex flex-col gap-2">
      <iframe
        // Another page is another document to most viewers.
        key={page}
        src={`${url}#navpanes=0&view=FitH&page=${page ?? 1}`}
        title={`The file ${file.filename}`}
        className="h-[min(44rem,80vh)] w-full rounded-md border bg-raised"
      />
      <div className="flex items-center gap-3 text-xs text-faint">
        <Button size="sm" asChild>
          <a href={url} download={file.filename}>
            <Download /> Download
          </a>
        </Button>
        <span className="min-w-0 truncate">
          {file.filename}, {formatBytes(file.bytes)}
        </span>
      </div>
    </div>
  );
}

/** An address for the bytes, which is given back when nobody looks any more. */
function useBlobUrl(blob: Blob, type: string): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    // Whatever was uploaded is shown as what it was said to be, never as a page of this origin.
    const created = URL.createObjectURL(
      new Blob([blob], { type: type === "application/pdf" ? type : "application/octet-stream" }),
    );
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [blob, type]);
  return url;
}
