/** The built client: in a page of another origin than the gateway's, and in Node under the name that users import. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Client, createClient, isClientError } from "@workstream/client";
import { freePort } from "@workstream/testing";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser } from "./browser.ts";
import { gatewayReady, Stage } from "./program.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const apiKey = "a-key-of-the-tests-0123456789";
const stage = new Stage();
let url = "";
let page: Page;

declare const workstream: { createClient: typeof createClient; isClientError: typeof isClientError };
declare const client: Client;

beforeAll(async () => {
  const origin = await servePage();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const program = stage.start({
    args: ["up"],
    env: {
      API_PORT: String(port),
      DATA_DIR: await stage.folder(),
      API_KEYS: apiKey,
      CORS_ORIGINS: origin,
    },
  });
  await gatewayReady(url, program);
  const browser = await openBrowser();
  stage.onClose(() => browser.close());
  page = await browser.newPage();
  await page.goto(origin);
  await page.evaluate(
    ([baseUrl = "", key = ""]) => {
      Object.assign(globalThis, { client: workstream.createClient({ baseUrl, apiKey: () => key }) });
    },
    [url, apiKey],
  );
});
afterAll(() => stage.close());

const html = `<!doctype html><title>A page</title>
<script type="module">
  import * as built from "/client.js";
  globalThis.workstream = built;
</script>`;

async function servePage(): Promise<string> {
  const script = readFileSync(join(root, "dist/lib/client.js"));
  const server = createServer((request, response) => {
    const isScript = request.url === "/client.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : html);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  stage.onClose(async () => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("asks from a page of another origin", async () => {
  const health = await page.evaluate(() => client.health.get());
  expect(health.components).toMatchObject({ redis: true, store: "sqlite" });
});

it("tells a page how far an upload is", async () => {
  const told = await page.evaluate(async () => {
    const steps: { sentBytes: number; totalBytes: number }[] = [];
    const file = new File(["%PDF-1.4\n", new Uint8Array(45_000_000)], "big.pdf");
    const created = await client.tasks.pdfxtract(
      { file, metadata: { from: "a page" }, delay_seconds: 3600 },
      { onProgress: (step) => steps.push(step) },
    );
    return { steps, task: await client.tasks.get(created.task_id) };
  });
  expect(told.task).toMatchObject({
    state: "SCHEDULED",
    content: "big.pdf",
    metadata: { from: "a page", file_size: 45_000_009 },
  });
  const sent = told.steps.map(({ sentBytes }) => sentBytes);
  expect(sent.length).toBeGreaterThan(1);
  expect(sent).toEqual([...sent].sort((a, b) => a - b));
  expect(told.steps.at(-1)?.sentBytes).toBe(told.steps.at(-1)?.totalBytes);
  expect(sent.at(-1)).toBeGreaterThan(45_000_009);
});

it("tells a page why an upload was refused, aborted or lost", async () => {
  const errors = await page.evaluate(async () => {
    const onProgress = () => {};
    const facts = async (answer: Promise<unknown>) => {
      const error = await answer.catch((cause: unknown) => cause);
      if (!workstream.isClientError(error)) return null;
      const { kind, status, code, requestId } = error;
      return { kind, status, code, hasRequestId: requestId !== null };
    };
    const abort = new AbortController();
    const big = new File(["%PDF-1.4\n", new Uint8Array(20_000_000)], "big.pdf");
    const noGateway = workstream.createClient({ baseUrl: "http://127.0.0.1:9" });
    return [
      await facts(client.tasks.pdfxtract({ file: new Blob(["no pdf"]) }, { onProgress })),
      await facts(
        client.tasks.pdfxtract({ file: big }, { signal: abort.signal, onProgress: () => abort.abort() }),
      ),
      await facts(client.tasks.pdfxtract({ file: big }, { signal: AbortSignal.abort(), onProgress })),
      await facts(noGateway.tasks.pdfxtract({ file: big }, { onProgress })),
    ];
  });
  expect(errors).toEqual([
    { kind: "problem", status: 400, code: "not_a_pdf", hasRequestId: true },
    { kind: "aborted", status: null, code: null, hasRequestId: false },
    { kind: "aborted", status: null, code: null, hasRequestId: false },
    { kind: "unreachable", status: null, code: null, hasRequestId: false },
  ]);
});

it("follows a task from a page, with the key in a header", async () => {
  const types = await page.evaluate(async () => {
    const { task_id } = await client.tasks.summarize({
      content: "Bees pollinate flowers. They live in hives.",
    });
    const told: unknown[] = [];
    await new Promise<void>((resolve) => {
      client.taskEvents(task_id, {
        onEvent: (event) => told.push((event as { type: string }).type),
        onState: ({ state }) => {
          if (state === "closed") resolve();
        },
      });
    });
    return told;
  });
  expect(types[0]).toBe("state");
  expect(types.at(-1)).toBe("end");
});

it("does in Node what docs/client.md shows, and lets the process end", async () => {
  const [example = "", printed = ""] = codeBlocks(readFileSync(join(root, "docs/client.md"), "utf8"));
  const script = example
    .replace("http://127.0.0.1:8000", url)
    .replace("createClient({", `createClient({ apiKey: "${apiKey}",`);
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 30_000 });
  // The tasks of the other tests are counted too.
  expect(stdout.replace(/\d+\n$/, "1\n")).toBe(printed);
});

function codeBlocks(markdown: string): string[] {
  return Array.from(markdown.matchAll(/^```\w*\n(.*?)^```$/gms), ([, code]) => code ?? "");
}
