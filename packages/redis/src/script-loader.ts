/** Calls scripts by name, with objects. */
import type { Connection } from "./connection.ts";
import type { RedisKeys } from "./keys.ts";
import type { RedisClient } from "./redis-client.ts";
import { ScriptEvaluator, type ScriptValue } from "./script-evaluator.ts";
import { type ScriptSource, scriptSource } from "./script-source.ts";
import { type ReplyOf, type ScriptName, scripts } from "./scripts.ts";

type ArgsOf<Name extends ScriptName> = Record<(typeof scripts)[Name]["args"][number], ScriptValue>;
type RecordOf<Name extends ScriptName> = Record<(typeof scripts)[Name]["record"][number], ScriptValue>;

export type ScriptCall<Name extends ScriptName> = {
  args?: ArgsOf<Name>;
  records?: readonly RecordOf<Name>[];
  /** Values after the arguments, as the script takes them. */
  trailing?: readonly ScriptValue[];
  /** Keys known beforehand. */
  keys?: readonly string[];
};

/** Another connection than the main one, and what is sent on it just before the script. */
export type ScriptWay = { connection: Connection; before(client: RedisClient): void };

export type ScriptSettings = {
  keys: RedisKeys;
  /** Injected clock, for tests; without it scripts read the store's. */
  now?: (() => number) | undefined;
  isCluster: boolean;
  /** Listeners may be connected to another server: a Cluster, or replicas watched by Sentinel. */
  hasPeers: boolean;
  /** Share of retries as it is published (retryShareText). */
  ratio: string;
};

export class ScriptRunner {
  readonly #connection: Connection;
  readonly #settings: ScriptSettings;
  readonly #evaluator: ScriptEvaluator;
  readonly #sources = new Map<ScriptName, ScriptSource>();
  /**
   * In a Cluster two keys that never exist, the names of the channels: they lead a script to the node that has the slot, and off one
   * that is on its way to another node. There the keys are spread over two nodes, and a script would find some of them
   * missing and go on: so the first node sends on what it hasn't, and the second refuses a script with two keys that it hasn't.
   */
  readonly #absentKeys: readonly string[];

  constructor(connection: Connection, settings: ScriptSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#evaluator = new ScriptEvaluator(settings);
    const { updates, serviceUpdates } = settings.keys;
    this.#absentKeys = settings.isCluster ? [updates, serviceUpdates] : [];
  }

  /** Instants come with each call, from an injected clock: a script that is run later would be told the wrong one. */
  get hasInjectedClock(): boolean {
    return this.#settings.now !== undefined;
  }

  /** @throws store_unavailable · outcome_unknown, unless the script only reads · store_full */
  run<Name extends ScriptName>(name: Name, call: ScriptCall<Name>, way?: ScriptWay): Promise<ReplyOf<Name>> {
    const source = this.#source(name);
    const values = this.#values(name, call);
    const connection = way?.connection ?? this.#connection;
    const send = (client: RedisClient) => {
      way?.before(client);
      return this.#evaluator.run(client, source, values) as Promise<ReplyOf<Name>>;
    };
    return scripts[name].isRead ? connection.read(send) : connection.write(send);
  }

  /** Number of keys, keys, arguments. */
  #values<Name extends ScriptName>(name: Name, call: ScriptCall<Name>): ScriptValue[] {
    const { keys, now, ratio, hasPeers } = this.#settings;
    const declared = call.keys ?? [];
    const values: ScriptValue[] = [declared.length + this.#absentKeys.length];
    for (const key of declared) values.push(key);
    for (const key of this.#absentKeys) values.push(key);
    values.push(now ? now() : "", keys.prefix, hasPeers ? "1" : "", ratio);
    const args: Record<string, ScriptValue> = call.args ?? {};
    for (const arg of scripts[name].args) values.push(args[arg] ?? "");
    for (const record of call.records ?? []) pushRecord(values, scripts[name].record, record);
    for (const value of call.trailing ?? []) values.push(value);
    return values;
  }

  #source(name: ScriptName): ScriptSource {
    const known = this.#sources.get(name);
    if (known) return known;
    const source = scriptSource(name, scripts[name]);
    this.#sources.set(name, source);
    return source;
  }
}

function pushRecord(
  values: ScriptValue[],
  fields: readonly string[],
  record: Record<string, ScriptValue>,
): void {
  for (const field of fields) values.push(record[field] ?? "");
}
