/**
 * Runs one script on the server, whatever the server knows of it.
 *
 * Those that run all the time are functions that Redis keeps (script-function.ts), the others are called by the SHA of their
 * text. A server that doesn't know one (restarted, flushed, another node) is taught it: it has done nothing by then. Where
 * functions can't be had (rights that lack them, a server that is full, a Cluster, whose nodes would each have to be
 * taught), a script goes by its SHA like the others, and does the same.
 */
import type { RedisClient } from "./redis-client.ts";
import type { ScriptFunction } from "./script-function.ts";
import type { ScriptSource } from "./script-source.ts";

export type ScriptValue = string | number | Buffer;

const isUnknown = /^(ERR )?Function not found/i;
const isForbidden = /^NOPERM .*'(fcall|function\|load)'|^(ERR )?unknown command/i;
/** By another process, or by another call of this one. */
const isTaught = /already exists/i;

export class ScriptEvaluator {
  #usesFunctions: boolean;

  constructor({ isCluster }: { isCluster: boolean }) {
    this.#usesFunctions = !isCluster;
  }

  /** `values`: the number of keys, the keys, the arguments. */
  run(client: RedisClient, source: ScriptSource, values: readonly ScriptValue[]): Promise<unknown> {
    const { kept } = source;
    if (!kept || !this.#usesFunctions) return bySha(client, source, values);
    const call = () => client.call("fcall", kept.name, ...values);
    return call().catch(async (error: unknown) => {
      if (!this.#isRefused(error) && !isReply(error, isUnknown)) throw error;
      return this.#usesFunctions && (await this.#teach(client, kept))
        ? call()
        : bySha(client, source, values);
    });
  }

  /** Whether the server knows it now. */
  async #teach(client: RedisClient, { library }: ScriptFunction): Promise<boolean> {
    try {
      await client.call("function", "load", library);
      return true;
    } catch (error) {
      if (isReply(error, isTaught)) return true;
      if (this.#isRefused(error) || isReply(error, /./)) return false;
      throw error;
    }
  }

  /** Then functions are not asked for again. */
  #isRefused(error: unknown): boolean {
    const isRefused = isReply(error, isForbidden);
    if (isRefused) this.#usesFunctions = false;
    return isRefused;
  }
}

function bySha(client: RedisClient, source: ScriptSource, values: readonly ScriptValue[]): Promise<unknown> {
  return client.call("evalsha", source.sha, ...values).catch((error: unknown) => {
    if (!isReply(error, /^NOSCRIPT/)) throw error;
    return client.call("eval", source.text, ...values);
  });
}

/** Whether it is an error that Redis answered, in these words. */
function isReply(error: unknown, words: RegExp): boolean {
  return error instanceof Error && error.name === "ReplyError" && words.test(error.message);
}
