/**
 * Task ids: UUIDs, version 7 (RFC 9562 §5.7), so that they sort by creation and an id prefix is a range of time.
 *
 * The stores mint them, with the store's time. `created_at` of a task is the time in its id.
 */
const minted = { atMs: 0, sequence: 0 };

/** A new id for the instant `atMs` (epoch ms). Ids minted in one millisecond by one process sort in minting order. */
export function mintTaskId(atMs: number): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  minted.sequence = atMs === minted.atMs ? minted.sequence + 1 : 0;
  minted.atMs = atMs;
  const time = Math.floor(atMs).toString(16).padStart(12, "0");
  const sequence = ((minted.sequence & 0xfff) | 0x7000).toString(16);
  const variant = (((random[0] ?? 0) & 0x3f) | 0x80).toString(16);
  const tail = Array.from(random.subarray(1, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
}

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The creation time in an id (epoch ms), or null when the id is not a v7 UUID. */
export function timeOfTaskId(id: string): number | null {
  return idShape.test(id) ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : null;
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
