import { crc32, deflateSync } from "node:zlib";
import type { GrayImage } from "./pdf-document.ts";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const bitDepth = 8;

/** A grayscale picture as PNG (ISO/IEC 15948), losslessly. */
export function grayPng(image: GrayImage): Uint8Array {
  const { width, height } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = bitDepth;
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(scanlines(image))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

// Each row begins with its filter, here none: on pages of text the others made the file up to a fifth larger.
function scanlines({ width, height, pixels }: GrayImage): Buffer {
  const lines = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return lines;
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}
