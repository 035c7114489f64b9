/** The standard security handler, revision 2 (40-bit RC4), of ISO 32000-1, 7.6: enough to make a file need a password. */
import { createHash } from "node:crypto";

export type FixtureEncryption = {
  dictionary: string;
  id: string;
  encrypt(data: Buffer, objectNumber: number): Buffer;
};

const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const fileId = "00112233445566778899aabbccddeeff";
const PERMISSIONS = -4;
const keyBytes = 5;

export function encryptionOf(password: string): FixtureEncryption {
  const padded = Buffer.concat([Buffer.from(password, "latin1"), padding]).subarray(0, 32);
  const owner = rc4(md5(padded).subarray(0, keyBytes), padded);
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(PERMISSIONS);
  const key = md5(padded, owner, permissions, Buffer.from(fileId, "hex")).subarray(0, keyBytes);
  const user = rc4(key, padding);
  return {
    dictionary:
      `/Filter /Standard /V 1 /R 2 /P ${PERMISSIONS} ` +
      `/O <${owner.toString("hex")}> /U <${user.toString("hex")}>`,
    id: fileId,
    encrypt: (data, objectNumber) => rc4(objectKey(key, objectNumber), data),
  };
}

function objectKey(key: Buffer, objectNumber: number): Buffer {
  const suffix = Buffer.from([
    objectNumber & 0xff,
    (objectNumber >> 8) & 0xff,
    (objectNumber >> 16) & 0xff,
    0,
    0,
  ]);
  return md5(key, suffix).subarray(0, keyBytes + 5);
}

function md5(...parts: Buffer[]): Buffer {
  return createHash("md5").update(Buffer.concat(parts)).digest();
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Array.from({ length: 256 }, (_, index) => index);
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + state[i]! + key[i % key.length]!) & 0xff;
    [state[i], state[j]] = [state[j]!, state[i]!];
  }
  let i = 0;
  let j = 0;
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) & 0xff;
      j = (j + state[i]!) & 0xff;
      [state[i], state[j]] = [state[j]!, state[i]!];
      return byte ^ state[(state[i]! + state[j]!) & 0xff]!;
    }),
  );
}
