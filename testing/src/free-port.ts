/**
 * Ports for servers that are started later, by other programs.
 *
 * A port that was free a moment ago can be taken by the time its server starts, in two ways. The system hands out the
 * ports of its ephemeral range (from 32,768 on Linux, 49,152 elsewhere) to every connection and to whoever listens on
 * port 0, so none of that range is offered here. And another test process may be offered the same one: so each is held
 * by a UDP socket of the same number, which no TCP server notices and which ends with the process that asked.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** A server of a Cluster takes the port 10,000 above its own too: all of those lie above these, and below 32,768. */
const firstPort = 15_000;
const endPort = 22_000;
const host = "127.0.0.1";

/** A TCP port on 127.0.0.1 that nothing listens on, and that no other process which asks here is offered while this one runs. */
export async function freePort(): Promise<number> {
  for (let tries = 1; tries <= 1_000; tries++) {
    const port = firstPort + Math.floor(Math.random() * (endPort - firstPort));
    const holder = await hold(port);
    if (holder === null) continue;
    if (await isFree(port)) return port;
    holder.close();
  }
  throw new Error(
    `No free TCP port from ${firstPort} to ${endPort - 1} was found on ${host} in 1,000 tries.`,
  );
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, host);
  if (!(await isOpen(server))) return false;
  server.close();
  await once(server, "close");
  return true;
}

/** Null when another process holds it. */
async function hold(port: number): Promise<Socket | null> {
  const socket = createSocket("udp4").unref();
  socket.bind({ port, address: host, exclusive: true });
  if (await isOpen(socket)) return socket;
  socket.close();
  return null;
}

function isOpen(listener: Server | Socket): Promise<boolean> {
  return once(listener, "listening").then(
    () => true,
    () => false,
  );
}
