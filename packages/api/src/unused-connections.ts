import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Closes what no request uses, when the app closes; Node's `server.close()` would wait for it.
 *
 * Connections on which nothing was ever sent: browsers and fetch open some in advance, and Node takes them for busy, 4 s
 * for its own fetch, a minute for a browser. And connections whose last answer ends after the close began, such as a
 * stream's: Node looks for idle ones at the beginning alone.
 */
export function closeUnusedConnections(app: FastifyInstance): void {
  const { server } = app;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  app.addHook("preClose", async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
  server.on("request", (_request, response: ServerResponse) => {
    response.once("close", () => {
      if (!server.listening) server.closeIdleConnections();
    });
  });
}
