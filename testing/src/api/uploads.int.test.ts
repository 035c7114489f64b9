import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { Stores } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { useApi } from "./api-stage.ts";

const openApi = useApi();
const path = "/api/v1/tasks/pdfxtract";
const pdf = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(600_000, "page ")]);

type Part = { name: string; value: string | Buffer; filename?: string; type?: string };

function file(value: Buffer, filename = "report.pdf"): Part {
  return { name: "file", value, filename, type: "application/pdf" };
}

/** Parts in the order given: what FormData does not promise, and what a broken client may send. */
function multipart(parts: Part[]) {
  const boundary = "----test-boundary";
  const pieces = parts.flatMap(({ name, value, filename, type }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined ? "" : `; filename="${filename}"`,
    `${type === undefined ? "" : `\r\nContent-Type: ${type}`}\r\n\r\n`,
    value,
    "\r\n",
  ]);
  const payload = Buffer.concat([...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece)));
  return { payload, headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

/** Counts what is opened and what is given up. */
function watchInputs() {
  const seen = { opened: [] as string[], aborted: [] as string[], bytes: 0 };
  const wrap = (stores: Stores): Stores => ({
    ...stores,
    inputs: {
      read: (id) => stores.inputs.read(id),
      async open(id) {
        const writer = await stores.inputs.open(id);
        seen.opened.push(id);
        return {
          async write(chunk) {
            await writer.write(chunk);
            seen.bytes += chunk.length;
          },
          async abort() {
            await writer.abort();
            seen.aborted.push(id);
          },
        };
      },
    },
  });
  return { seen, wrap };
}

async function nothingLeft(stores: Stores, { opened, aborted }: { opened: string[]; aborted: string[] }) {
  expect(aborted).toEqual(opened);
  for (const id of opened) expect(await stores.inputs.read(id)).toBeNull();
  expect((await stores.tasks.status()).states.PENDING).toBe(0);
}

describe("a PDF", () => {
  it("is kept byte for byte, with its fields before and after it", async () => {
    const { ask, driver } = await openApi();
    const parts = [
      { name: "priority", value: "low" },
      file(pdf, "Büro/../report 1.pdf"),
      { name: "issue_date", value: "2026-01-31" },
      { name: "metadata", value: '{"customer":"a","filename":"forged"}' },
    ];
    const { status, body } = await ask("POST", `${path}?max_retries=1&priority=high`, multipart(parts));
    expect([status, body.state]).toEqual([201, "PENDING"]);
    expect(await driver.task(body.task_id)).toMatchObject({
      contentKind: "file",
      content: "report 1.pdf",
      contentLength: pdf.length,
      priority: "low",
      maxRetries: 1,
      metadata: {
        customer: "a",
        filename: "report 1.pdf",
        issue_date: "2026-01-31",
        file_size: pdf.length,
        content_type: "application/pdf",
      },
    });
  });

  it("comes back as it was sent, as a download", async () => {
    const { app, ask } = await openApi();
    const { body } = await ask("POST", path, multipart([file(pdf)]));
    const answer = await app.inject(`/api/v1/tasks/${body.task_id}/input`);
    expect(answer.rawPayload.equals(pdf)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-type": "application/pdf",
      "content-length": String(pdf.length),
      "content-disposition": `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`,
      "x-content-type-options": "nosniff",
    });
  });

  it("is the same task under the same key, and another file is a conflict", async () => {
    const { seen, wrap } = watchInputs();
    const { ask } = await openApi({ wrap });
    const send = (bytes: Buffer) => {
      const { payload, headers } = multipart([file(bytes)]);
      return ask("POST", path, { payload, headers: { ...headers, "idempotency-key": "k" } });
    };
    const first = await send(pdf);
    expect((await send(pdf)).body).toEqual(first.body);
    const other = await send(Buffer.concat([pdf, Buffer.from("!")]));
    expect([other.status, other.body.code]).toEqual([409, "idempotency_conflict"]);
    expect(seen.aborted).toEqual(seen.opened.slice(1));
  });
});

describe("what is refused", () => {
  const notes = { name: "notes", value: "x" };
  it.each([
    ["no PDF, whatever its name", [file(Buffer.from("PK hello"))], 400, "not_a_pdf", null],
    ["an empty file", [file(Buffer.alloc(0))], 400, "not_a_pdf", null],
    ["no file", [{ name: "issue_date", value: "2026-01-31" }], 422, "invalid_input", "/file"],
    ["a field left empty", [file(Buffer.alloc(0), "")], 422, "invalid_input", "/file"],
    ["two files", [file(pdf), file(pdf)], 422, "invalid_input", "/file"],
    ["a file in another field", [{ ...file(pdf), name: "document" }], 422, "invalid_input", "/document"],
    ["text in place of the file", [{ name: "file", value: "text" }], 422, "invalid_input", "/file"],
    [
      "a bad date after the file",
      [file(pdf), { name: "issue_date", value: "31.1." }],
      422,
      "invalid_input",
      "/issue_date",
    ],
    ["an unknown field", [notes, file(pdf)], 422, "invalid_input", "/notes"],
    [
      "a field twice",
      [file(pdf), { name: "queue", value: "a" }, { name: "queue", value: "b" }],
      422,
      "invalid_input",
      "/queue",
    ],
    [
      "two starts",
      [file(pdf), { name: "run_at", value: "2026-01-01" }, { name: "delay_seconds", value: "1" }],
      422,
      "invalid_input",
      "/run_at",
    ],
  ])("%s", async (_what, parts, status, code, pointer) => {
    const { seen, wrap } = watchInputs();
    const { ask, stores } = await openApi({ wrap });
    const answer = await ask("POST", path, multipart(parts));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors[0]?.pointer ?? null).toBe(pointer);
    await nothingLeft(stores, seen);
  });

  it("a body of another type, and no body at all", async () => {
    const { ask } = await openApi();
    expect((await ask("POST", path, { payload: { file: "x" } })).status).toBe(415);
    expect((await ask("POST", path)).status).toBe(422);
    expect((await ask("POST", path, { headers: { "content-type": "application/json" } })).status).toBe(422);
    const noBoundary = { payload: "x", headers: { "content-type": "multipart/form-data" } };
    expect((await ask("POST", path, noBoundary)).status).toBe(400);
  });

  it("a form that breaks off", async () => {
    const { seen, wrap } = watchInputs();
    const { ask, stores } = await openApi({ wrap });
    const { payload, headers } = multipart([file(pdf)]);
    const answer = await ask("POST", path, { payload: payload.subarray(0, 300_000), headers });
    expect([answer.status, answer.body.code]).toEqual([400, "malformed_request"]);
    await nothingLeft(stores, seen);
  });

  it("bad options in the query, before anything is read", async () => {
    const { seen, wrap } = watchInputs();
    const { ask } = await openApi({ wrap });
    const answer = await ask("POST", `${path}?max_retries=many`, multipart([file(pdf)]));
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, "/max_retries"]);
    expect(seen.opened).toEqual([]);
  });
});

describe("a type of the user's own that takes a file", () => {
  it("takes any file, with the media type that it says it has", async () => {
    const { ask, driver } = await openApi();
    const part = { name: "file", value: "a,b\n", filename: "table.csv", type: "text/CSV" };
    const { status, body } = await ask("POST", "/api/v1/tasks/archive", multipart([part]));
    expect(status).toBe(201);
    expect(await driver.task(body.task_id)).toMatchObject({
      queue: "archive",
      metadata: { filename: "table.csv", content_type: "text/csv", file_size: 4, issue_date: null },
    });
  });
});

describe("over a socket", () => {
  const maxUploadBytes = 1024 * 1024;
  const head = Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n',
  );

  function startUpload(origin: string) {
    const headers = { "content-type": "multipart/form-data; boundary=b", "transfer-encoding": "chunked" };
    const upload = httpRequest(`${origin}${path}`, { method: "POST", headers });
    upload.on("error", () => {});
    upload.write(head);
    return upload;
  }

  it("cuts off an upload at the limit, and reads no further", async () => {
    const { seen, wrap } = watchInputs();
    const { app, stores, listen } = await openApi({ settings: { maxUploadBytes }, wrap });
    let received = () => 0;
    app.server.on("connection", (socket) => {
      received = () => socket.bytesRead;
    });
    const upload = startUpload(await listen());
    const answered = once(upload, "response");
    const piece = Buffer.alloc(256 * 1024);
    const feed = () => {
      while (!upload.destroyed && upload.write(piece)) {}
    };
    upload.on("drain", feed);
    feed();
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe("close");
    expect(seen.bytes).toBeLessThanOrEqual(maxUploadBytes);
    // What had arrived with the last byte that counts may be read too, and no more.
    expect(received()).toBeLessThan(maxUploadBytes + 512 * 1024);
    upload.destroy();
    await nothingLeft(stores, seen);
  });

  it("refuses what says that it is too large, before it is sent", async () => {
    const { app, listen } = await openApi({ settings: { maxUploadBytes } });
    let received = () => 0;
    app.server.on("connection", (socket) => {
      received = () => socket.bytesRead;
    });
    const socket = connect(Number(new URL(await listen()).port), "127.0.0.1");
    const lines = [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      "Content-Type: multipart/form-data; boundary=b",
      "Content-Length: 5000000000",
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const [answer] = await once(socket, "data");
    expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
    expect(received()).toBeLessThan(1_000);
    socket.destroy();
  });

  it("leaves nothing behind when the client goes away in the middle", async () => {
    const { seen, wrap } = watchInputs();
    const { stores, listen } = await openApi({ wrap });
    const upload = startUpload(await listen());
    upload.write(Buffer.alloc(700_000));
    await until("the first bytes in the store", () => seen.bytes > 0);
    upload.destroy();
    await until("the upload to be given up", () => seen.aborted.length === 1);
    await nothingLeft(stores, seen);
  });
});
