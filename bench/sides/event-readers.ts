/**
 * Readers of a gateway's event stream, by hand on sockets. Most only take what comes; a few, spread over the order in which
 * they connected, read it and note which counts came when.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { monotonicMs } from "../monotonic.ts";
import { serve } from "../serve.ts";

/** When an event told of so many waiting tasks. */
export type Sighting = { at: number; waiting: number };

export type EventReaders = {
  /** Resolves when all are connected and have got their first bytes. */
  connect(order: { origin: string; clients: number; watched: number }): Promise<void>;
  /** What every watched reader has seen so far, how many readers are connected still, and what all of them have read. */
  seen(): { sightings: Sighting[][]; connected: number; bytes: number };
};

const sightings: Sighting[][] = [];
const sockets: Socket[] = [];
let connected = 0;

serve<EventReaders>({
  async connect({ origin, clients, watched }) {
    const everyNth = Math.max(1, Math.floor(clients / watched));
    const [inFlight, ids] = [50, Array.from({ length: clients }, (_, id) => id)];
    const lane = async () => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await open(origin, id % everyNth === 0);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
  },
  seen: () => ({
    sightings,
    connected,
    bytes: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  }),
});

async function open(origin: string, isWatched: boolean): Promise<void> {
  const { hostname, port, host } = new URL(origin);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.on("close", () => {
    connected -= 1;
  });
  await once(socket, "connect");
  connected += 1;
  socket.write(
    `GET /api/v1/queues/status/stream HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n\r\n`,
  );
  const first = once(socket, "data");
  if (isWatched) watch(socket);
  else socket.resume();
  await first;
}

function watch(socket: Socket): void {
  const seen: Sighting[] = [];
  sightings.push(seen);
  // Lines of chunk lengths stand between; only a line that begins an event's data is of interest.
  createInterface({ input: socket }).on("line", (line) => {
    if (!line.startsWith('data: {"type":"queue_update"')) return;
    const at = monotonicMs();
    seen.push({ at, waiting: JSON.parse(line.slice(6)).state_counts.PENDING });
  });
}
