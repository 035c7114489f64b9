import { LogController } from "fastify";

type Arguments = Parameters<LogController["requestCompleted"]>;

/** Requests at debug level, one line each: at info a polling dashboard would be all that the log holds. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(...[error, request, reply]: Arguments): void {
    const responseMs = Math.round(reply.elapsedTime);
    const line = { method: request.method, url: request.url, status: reply.statusCode, responseMs };
    if (error) request.log.warn({ ...line, err: error }, "request broke off");
    else request.log.debug(line, "request completed");
  }
}
