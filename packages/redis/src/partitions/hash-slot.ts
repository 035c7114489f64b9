/** Slots of a Redis Cluster: CRC16 (XMODEM) of what stands in the first braces, modulo 16,384. */
export const slotCount = 16_384;

export function hashSlot(key: string): number {
  const tag = hashTagOf(key) ?? key;
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % slotCount;
}

/** Null when the whole key counts. */
export function hashTagOf(key: string): string | null {
  const start = key.indexOf("{");
  const end = key.indexOf("}", start + 1);
  return start < 0 || end <= start + 1 ? null : key.slice(start + 1, end);
}
