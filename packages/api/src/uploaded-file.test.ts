import { Readable } from "node:stream";
import type { MultipartFile } from "@fastify/multipart";
import { describe, expect, it } from "vitest";
import { storeFile } from "./uploaded-file.ts";

const rules = { isPdf: true, maxBytes: 1024 ** 2 };

async function store(parts: Uint8Array[], isPdf = true) {
  const written: Buffer[] = [];
  const writer = {
    write: async (chunk: Uint8Array) => void written.push(Buffer.from(chunk)),
    abort: async () => {},
  };
  const file = Readable.from(parts, { objectMode: false }) as unknown as MultipartFile["file"];
  const stored = await storeFile(file, writer, { ...rules, isPdf });
  return { stored, written };
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
}

describe("storeFile", () => {
  it.each([1, 700, 1024, 60_000, 400_000])("keeps every byte, arriving %i at a time", async (size) => {
    const bytes = Buffer.concat([
      Buffer.from("%PDF-1.7\n"),
      Buffer.alloc(size === 1 ? 3_000 : 900_000, "abc"),
    ]);
    const { stored, written } = await store(pieces(bytes, size));
    expect(Buffer.concat(written).equals(bytes)).toBe(true);
    expect(stored.size).toBe(bytes.length);
    expect(Math.max(...written.map(({ length }) => length))).toBeLessThanOrEqual(256 * 1024);
    expect(stored.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("finds the signature anywhere in the first 1,024 bytes, across parts", async () => {
    const late = Buffer.concat([Buffer.alloc(1_019, " "), Buffer.from("%PDF-"), Buffer.alloc(5_000)]);
    expect((await store(pieces(late, 100))).stored.size).toBe(late.length);
    const tooLate = Buffer.concat([Buffer.alloc(1_020, " "), Buffer.from("%PDF-"), Buffer.alloc(5_000)]);
    await expect(store(pieces(tooLate, 100))).rejects.toMatchObject({ code: "not_a_pdf" });
  });

  it("refuses what is no PDF before anything is written", async () => {
    await expect(store([Buffer.from("hello")])).rejects.toMatchObject({ code: "not_a_pdf" });
    await expect(store([])).rejects.toMatchObject({ code: "not_a_pdf", message: "The file is empty." });
  });

  it("takes anything where any file will do", async () => {
    expect((await store([Buffer.from("hello")], false)).stored.size).toBe(5);
    expect((await store([], false)).stored.size).toBe(0);
  });
});
