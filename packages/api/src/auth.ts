import { createHash, timingSafeEqual } from "node:crypto";
import { WorkstreamError } from "@workstream/core";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ApiKey, type ApiSettings, type Role, roles } from "./api-settings.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Absent: reader for GET and HEAD, operator for the rest. */
    role?: Role;
    /** No key is wanted; a function says of which requests. */
    isOpen?: true | ((request: FastifyRequest) => boolean);
  }
  interface FastifyRequest {
    /** What the caller may do: everything, where no keys are asked for. */
    callerRole: Role;
    /** Whether it came with a key of ours, where keys are asked for: open routes keep details from others. */
    isTrusted: boolean;
  }
}

/** Wants a key on every route that is not open, also on paths that don't exist. */
export function requireKeys(app: FastifyInstance, { auth }: ApiSettings): void {
  app.decorateRequest("callerRole", "operator");
  app.decorateRequest("isTrusted", true);
  if (auth.mode === "off") return;
  const keys = auth.keys.map(({ key, role = "operator" }: ApiKey) => ({ digest: digestOf(key), role }));
  app.addHook("onRequest", (request, _reply, done) => {
    const { role: wanted, isOpen } = request.routeOptions.config;
    const held = roleOf(keys, presentedKey(request));
    request.isTrusted = held !== null;
    if (typeof isOpen === "function" ? isOpen(request) : isOpen) return done();
    if (held === null) throw unauthorized(request);
    const needed = wanted ?? (isReading(request) ? "reader" : "operator");
    if (roles.indexOf(held) < roles.indexOf(needed)) {
      throw new WorkstreamError(
        "forbidden",
        `This takes a key with the role ${needed}; yours is a ${held}'s.`,
      );
    }
    request.callerRole = held;
    done();
  });
}

// Digests have one length, so comparing them takes the same time for every key, right or wrong.
function digestOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}

function roleOf(keys: readonly { digest: Buffer; role: Role }[], presented: string | null): Role | null {
  if (presented === null) return null;
  const digest = digestOf(presented);
  const matching = keys.filter((key) => timingSafeEqual(key.digest, digest));
  return matching[0]?.role ?? null;
}

function presentedKey({ headers }: FastifyRequest): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const header = headers["x-api-key"];
  return bearer ?? (typeof header === "string" ? header : null);
}

function unauthorized(request: FastifyRequest): WorkstreamError {
  const detail =
    presentedKey(request) === null
      ? "Send a key as `Authorization: Bearer …` or `X-API-Key: …`."
      : "This key is not one of API_KEYS.";
  return new WorkstreamError("unauthorized", detail);
}

function isReading({ method }: FastifyRequest): boolean {
  return method === "GET" || method === "HEAD";
}
