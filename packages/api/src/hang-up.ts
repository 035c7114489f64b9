import type { FastifyReply, FastifyRequest } from "fastify";

/** Node reads what is left of a body before it takes the next request; past this much, hanging up is kinder. */
const maxDrainBytes = 1024 * 1024;
const lingerMs = 1_000;

/**
 * Ends the connection after this answer when much of the request's body is still to come. Nothing more is read.
 *
 * A socket that is closed with unread bytes is reset, and a client that is still sending then sees the reset instead
 * of the answer (Node's own fetch says EPIPE). So our side is ended first, and the socket closed a second later.
 */
export function hangUpOnLongBody(request: FastifyRequest, reply: FastifyReply): void {
  if (!hasLongBodyLeft(request)) return;
  reply.header("connection", "close");
  const { socket } = request.raw;
  socket.destroySoon = () => {
    socket.end();
    setTimeout(() => socket.destroy(), lingerMs).unref();
  };
}

function hasLongBodyLeft({ raw }: FastifyRequest): boolean {
  if (raw.complete) return false;
  if (raw.headers["transfer-encoding"] !== undefined) return true;
  return Number(raw.headers["content-length"] ?? 0) > maxDrainBytes;
}
