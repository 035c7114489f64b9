/**
 * Task ids: UUIDs, version 7 (RFC 9562 §5.7), so that they sort by creation and an id prefix is a range of time.
 *
 * The stores mint them, with the store's time. `created_at` of a task is the time in its id.
 */
const minted = { atMs: -1, sequence: 0, time: "" };
/** Drawn for many ids at once: a draw costs much the same for 8 bytes as for a thousand. */
const random = { bytes: new Uint8Array(2_048), used: 2_048 };
const bytesOfId = 8;
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A new id for the instant `atMs` (epoch ms). Ids minted in one millisecond by one process sort in minting order. */
export function mintTaskId(atMs: number): string {
  if (atMs !== minted.atMs) minted.time = timePart(atMs);
  minted.sequence = atMs === minted.atMs ? minted.sequence + 1 : 0;
  minted.atMs = atMs;
  const sequence = ((minted.sequence & 0xfff) | 0x7000).toString(16);
  return `${minted.time}-${sequence}-${randomPart()}`;
}

function timePart(atMs: number): string {
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** The variant and 62 random bits. */
function randomPart(): string {
  if (random.used === random.bytes.length) {
    crypto.getRandomValues(random.bytes);
    random.used = 0;
  }
  let text = hex[((random.bytes[random.used] ?? 0) & 0x3f) | 0x80] ?? "";
  for (let index = 1; index < bytesOfId; index++) {
    if (index === 2) text += "-";
    text += hex[random.bytes[random.used + index] ?? 0];
  }
  random.used += bytesOfId;
  return text;
}

/** A v7 UUID in lower case, as the stores mint them. */
export const taskIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The creation time in an id (epoch ms), or null when the id is not a v7 UUID. */
export function timeOfTaskId(id: string): number | null {
  return taskIdPattern.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
}

/** The span of creation times (epoch ms, both ends included) whose ids can begin with `prefix`, or null for none. */
export function timeRangeOfIdPrefix(prefix: string): { fromMs: number; toMs: number } | null {
  if (!/^[0-9a-f-]{1,36}$/.test(prefix)) return null;
  const digits = prefix.replaceAll("-", "").slice(0, 12);
  if (digits === "") return null;
  return {
    fromMs: Number.parseInt(digits.padEnd(12, "0"), 16),
    toMs: Number.parseInt(digits.padEnd(12, "f"), 16),
  };
}
