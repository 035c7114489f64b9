import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { curlOf, type TaskRequestParts } from "./task-curl.ts";

const target = { origin: "http://127.0.0.1:3000", wantsKey: false };

/** What a shell makes of the line: its words after `curl`. */
function words(line: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
}

function json(type: string, input: unknown, options = {}): TaskRequestParts {
  return { type, options, body: { kind: "json", input } };
}

describe("curlOf", () => {
  it("sends a text to summarize as its content, quotes and line breaks kept", () => {
    const text = 'It\'s "here",\n$HOME and `all`.';
    const sent = words(curlOf(json("summarize", text), target));
    expect(sent).toContain("http://127.0.0.1:3000/api/v1/tasks/summarize");
    expect(JSON.parse(sent.at(-1) ?? "")).toEqual({ content: text });
  });

  it("sends the input of any other type beside its options", () => {
    const sent = words(curlOf(json("report", { pages: 3 }, { priority: "high" }), target));
    expect(JSON.parse(sent.at(-1) ?? "")).toEqual({ input: { pages: 3 }, priority: "high" });
  });

  it("sends a file as a form", () => {
    const body = { kind: "file", filename: `a "b".pdf`, fields: { issue_date: "2026-03-01" } } as const;
    const sent = words(curlOf({ type: "pdfxtract", options: { metadata: { a: 1 } }, body }, target));
    expect(sent).toEqual([
      "-s",
      "http://127.0.0.1:3000/api/v1/tasks/pdfxtract",
      "-F",
      "issue_date=2026-03-01",
      "-F",
      'metadata={"a":1}',
      "-F",
      'file=@"a \\"b\\".pdf"',
    ]);
  });

  it("leaves the key to the shell", () => {
    const line = curlOf(json("report", {}), { ...target, wantsKey: true });
    expect(line).toContain('"authorization: Bearer $WORKSTREAM_KEY"');
  });
});
