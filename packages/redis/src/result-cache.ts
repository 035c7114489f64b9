/**
 * Results of earlier tasks: `cache:{digest}` with a TTL, and `cache:flight:{digest}` of whoever computes one.
 *
 * The digest is the SHA-256 of the key, so that keys may be any text and none takes another key's name.
 */
import { createHash } from "node:crypto";
import {
  type CacheAnswer,
  isErrorCode,
  maxCachedResultBytes,
  type ResultCache,
  resultPrefix,
} from "@workstream/core";
import type { StoreLink } from "./store-link.ts";

type CacheBounds = { maxResults: number; maxBytes: number };

export class RedisResultCache implements ResultCache {
  readonly #link: StoreLink;
  readonly #bounds: CacheBounds;

  constructor(link: StoreLink, bounds: CacheBounds) {
    this.#link = link;
    this.#bounds = bounds;
  }

  async begin(key: string, owner: string, flightMs: number): Promise<CacheAnswer> {
    const digest = digestOf(key);
    const args = { digest, owner, flightMs: wholeMs(flightMs) };
    const keys = this.#keysOf(digest);
    const [kind, answer] = await this.#link.scripts.run("begin-cached", { args, keys });
    if (kind === "hit") return { kind, result: answer };
    if (kind === "busy") return { kind, waitMs: answer, waitsFor: resultPrefix + digest };
    return { kind };
  }

  async put(key: string, owner: string, { text, ttlMs }: { text: string; ttlMs: number }): Promise<void> {
    if (Buffer.byteLength(text) > maxCachedResultBytes) return this.abandon(key, owner);
    const digest = digestOf(key);
    const args = { digest, owner, ttlMs: wholeMs(ttlMs), ...this.#bounds, result: text };
    try {
      await this.#link.scripts.run("put-cached", { args, keys: this.#keysOf(digest) });
    } catch (error) {
      if (isErrorCode(error, "store_full")) await this.abandon(key, owner);
      throw error;
    }
  }

  async abandon(key: string, owner: string): Promise<void> {
    const digest = digestOf(key);
    await this.#link.scripts.run("abandon-cached", { args: { digest, owner }, keys: this.#keysOf(digest) });
  }

  #keysOf(digest: string): string[] {
    const { keys } = this.#link;
    return [keys.cached(digest), keys.cacheFlight(digest), keys.cacheWaiting(digest)];
  }
}

function digestOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A TTL of Redis is a whole number above 0. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.round(ms));
}
