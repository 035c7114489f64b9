/** The request that makes a task, as a line for a shell. */

export type TaskRequestParts = {
  type: string;
  /** The options beside the input, as the gateway names them. */
  options: Record<string, unknown>;
  body: { kind: "json"; input: unknown } | { kind: "file"; filename: string; fields: Record<string, string> };
};

export type CurlTarget = {
  /** Of the gateway, as `http://127.0.0.1:3000`. */
  origin: string;
  wantsKey: boolean;
};

export function curlOf(request: TaskRequestParts, { origin, wantsKey }: CurlTarget): string {
  const url = `${origin}/api/v1/tasks/${encodeURIComponent(request.type)}`;
  const key = wantsKey ? ['-H "authorization: Bearer $WORKSTREAM_KEY"'] : [];
  return [`curl -s ${quoted(url)}`, ...key, ...bodyArguments(request)].join(" \\\n  ");
}

function bodyArguments({ type, options, body }: TaskRequestParts): string[] {
  if (body.kind === "json") {
    const json = JSON.stringify({ ...inputField(type, body.input), ...options });
    return ["-H 'content-type: application/json'", `-d ${quoted(json)}`];
  }
  const fields = Object.entries({ ...body.fields, ...options }).map(([name, value]) => {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return `-F ${quoted(`${name}=${text}`)}`;
  });
  return [...fields, `-F ${quoted(`file=@"${body.filename.replace(/["\\]/g, "\\$&")}"`)}`];
}

/** The text of a summary has a route of its own, whose body names it `content`. */
export function inputField(type: string, input: unknown): Record<string, unknown> {
  return type === "summarize" && typeof input === "string" ? { content: input } : { input };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
