/**
 * The same request over and over, on connections that stay open, each waiting for its answer. By hand on sockets: a client
 * that costs more than the server would measure itself.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export type Load = { origin: string; path: string; body: string; connections: number };

/** Requests a second over `forMs`. @throws when an answer is not `expected` */
export async function requestRate(load: Load, forMs: number, expected = 201): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.origin)));
  const endsAt = performance.now() + forMs;
  const startedAt = performance.now();
  const counts = await Promise.all(
    sockets.map((socket) => repeat(socket, bytesOf(load), { endsAt, expected })),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

async function open(origin: string): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding("latin1");
  await once(socket, "connect");
  return socket;
}

function bytesOf({ origin, path, body }: Load): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(origin).host}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function repeat(
  socket: Socket,
  request: Buffer,
  until: { endsAt: number; expected: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    let [count, text] = [0, ""];
    socket.once("close", () => reject(new Error("The server closed a connection.")));
    socket.on("data", (chunk) => {
      text += chunk;
      const end = endOfAnswer(text);
      if (end === null) return;
      if (!text.startsWith(`HTTP/1.1 ${until.expected}`)) return reject(new Error(`It answered ${text}`));
      text = text.slice(end);
      count += 1;
      if (performance.now() >= until.endsAt) resolve(count);
      else socket.write(request);
    });
    socket.write(request);
  });
}

/** Where an answer with a Content-Length ends; null when it is not complete. */
function endOfAnswer(text: string): number | null {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  if (length === undefined) throw new Error(`An answer without a length: ${text.slice(0, headEnd)}`);
  const end = headEnd + 4 + Number(length);
  return text.length >= end ? end : null;
}
