/**
 * Where a list query reads ids: one sorted set between two scores, or several lists one after the other.
 *
 * A source gives pages in its own order, forwards or backwards, from an offset or after an entry, so a cursor stays right
 * while tasks come and go.
 */
import type { StoreLink } from "./store-link.ts";
import { listDepth, listWindow } from "./task-lists.ts";

/** An entry of a source; `score` is its index when `list` says which list it stands in. */
export type Entry = { list: number; score: string; id: string };
export type Start = { offset: number } | { after: Entry };
export type SourcePage = { total: number; entries: Entry[] };

export interface TaskSource {
  page(start: Start, limit: number): Promise<SourcePage>;
}

export type Order = "asc" | "desc";
export type ScoreRange = { from: number | "-inf"; to: number | "+inf" };

export class ZsetSource implements TaskSource {
  readonly #link: StoreLink;
  readonly #key: string;
  readonly #bounds: ScoreRange & { order: Order };

  constructor(link: StoreLink, key: string, bounds: ScoreRange & { order: Order }) {
    this.#link = link;
    this.#key = key;
    this.#bounds = bounds;
  }

  /** How many entries come before those of this score, in this order. */
  async countBefore(score: number): Promise<number> {
    const { from, to, order } = this.#bounds;
    const side: ScoreRange =
      order === "asc" ? { from, to: below(score, to) } : { from: above(score, from), to };
    const before = new ZsetSource(this.#link, this.#key, { ...side, order });
    return (await before.page({ offset: 0 }, 0)).total;
  }

  async page(start: Start, limit: number): Promise<SourcePage> {
    const after = "after" in start ? start.after : { score: "", id: "" };
    const [, total, values] = await this.#link.scripts.run("page-zset", {
      args: {
        ...this.#bounds,
        key: this.#key,
        offset: "offset" in start ? start.offset : 0,
        afterScore: after.score,
        afterId: after.id,
        limit,
      },
      keys: [this.#key],
    });
    const entries: Entry[] = [];
    for (let at = 0; at < values.length; at += 2) {
      entries.push({ list: 0, id: values[at] ?? "", score: values[at + 1] ?? "0" });
    }
    if (this.#bounds.order === "desc") entries.reverse();
    return { total, entries };
  }
}

/** Scores are whole numbers: instants, or places. */
function below(score: number, to: ScoreRange["to"]): ScoreRange["to"] {
  return to === "+inf" ? score - 1 : Math.min(to, score - 1);
}

function above(score: number, from: ScoreRange["from"]): ScoreRange["from"] {
  return from === "-inf" ? score + 1 : Math.max(from, score + 1);
}

/** How far from its old index an entry is looked for, when others before it have left the list. */
const lookAround = 2_000;

export class ListsSource implements TaskSource {
  readonly #link: StoreLink;
  readonly #lists: readonly string[];
  readonly #order: Order;

  /** @param lists in the order in which they are read when `order` is asc */
  constructor(link: StoreLink, lists: readonly string[], order: Order) {
    this.#link = link;
    this.#lists = order === "asc" ? lists : [...lists].reverse();
    this.#order = order;
  }

  /** How many entries each list has, in this order. */
  depths(): Promise<number[]> {
    return Promise.all(this.#lists.map((list) => listDepth(this.#link, list)));
  }

  async page(start: Start, limit: number): Promise<SourcePage> {
    const depths = await this.depths();
    const total = depths.reduce((sum, depth) => sum + depth, 0);
    const entries: Entry[] = [];
    let { list, passed } =
      "after" in start ? await this.#placeAfter(start.after) : placeOf(start.offset, depths);
    for (; list < this.#lists.length && entries.length < limit; list++, passed = 0) {
      entries.push(...(await this.#read(list, passed, limit - entries.length)));
    }
    return { total, entries };
  }

  /** Entries of one list beyond the first `passed`, seen from where this order begins. */
  async #read(list: number, passed: number, limit: number): Promise<Entry[]> {
    const key = this.#lists[list] ?? "";
    const entries: Entry[] = [];
    for (let at = passed; entries.length < limit; at += limit) {
      const length = await this.#link.connection.read((client) => client.llen(key));
      if (at >= length) break;
      const isUp = this.#order === "asc";
      const first = isUp ? at : Math.max(0, length - at - limit);
      const found = await listWindow(this.#link, key, first, isUp ? at + limit - 1 : length - at - 1);
      const inOrder = isUp ? found.entries : found.entries.reverse();
      entries.push(...inOrder.map(({ id, index }) => ({ list, id, score: String(index) })));
    }
    return entries.slice(0, limit);
  }

  /** How many entries of which list are passed when this one is the last of them. */
  async #placeAfter({ list, id, score }: Entry): Promise<{ list: number; passed: number }> {
    const key = this.#lists[list] ?? "";
    const { index, isThere } = await this.#indexNear(key, id, Number(score));
    if (this.#order === "asc") return { list, passed: isThere ? index + 1 : index };
    const length = await this.#link.connection.read((client) => client.llen(key));
    return { list, passed: Math.max(0, length - index) };
  }

  /** Where the entry stands now, or where it stood. */
  async #indexNear(key: string, id: string, index: number): Promise<{ index: number; isThere: boolean }> {
    const there = await this.#link.connection.read((client) => client.lindex(key, index));
    if (there === id) return { index, isThere: true };
    const first = Math.max(0, index - lookAround);
    const window = await listWindow(this.#link, key, first, index + lookAround);
    const found = window.entries.find((entry) => entry.id === id);
    return { index: found?.index ?? index, isThere: found !== undefined };
  }
}

function placeOf(offset: number, depths: readonly number[]): { list: number; passed: number } {
  let passed = offset;
  for (const [list, depth] of depths.entries()) {
    if (passed < depth) return { list, passed };
    passed -= depth;
  }
  return { list: depths.length, passed: 0 };
}
