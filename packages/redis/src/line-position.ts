import { positionsKnown, primaryQueue, priorities } from "@workstream/core";
import type { StoreLink } from "./store-link.ts";
import { listWindow } from "./task-lists.ts";
import { readFields } from "./task-reader.ts";

/** How many ids count before this one in its lane. Ids that are marked stand there still, and count no longer. */
export async function linePosition(link: StoreLink, id: string): Promise<number | null> {
  const [hash = {}] = await readFields(link, [id], ["state", "queue", "priority", "lane"]);
  if (hash.state !== "PENDING") return null;
  const lanes = link.keys.lanes(hash.queue ?? primaryQueue);
  const priority = priorities.find((known) => known === hash.priority) ?? "normal";
  const list = lanes[hash.lane === "retry" ? "retry" : priority];
  const index = await link.connection.read((client) => client.lpos(list, id, "MAXLEN", positionsKnown));
  if (index === null) return null;
  const { entries } = await listWindow(link, list, 0, index);
  const position = entries.findIndex((entry) => entry.id === id);
  return position < 0 ? null : position;
}
