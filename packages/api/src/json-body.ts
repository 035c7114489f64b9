import { WorkstreamError } from "@workstream/core";
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Deeper values overflow the stack of every recursive reader behind the gateway. */
const maxDepth = 128;

/**
 * JSON is the only body of most routes. An empty one counts as none, whatever its type: `curl -d ''` names a form. The
 * schemas say where a body is needed.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.toString().trim() === "") return done(null, undefined);
    parseJson(request, body as string, (error, value) => {
      if (error !== null) return done(invalidJson("The body is not valid JSON.", error));
      if (isTooDeep(value)) return done(invalidJson(`The body is nested over ${maxDepth} levels deep.`));
      done(null, value);
    });
  });
  app.addContentTypeParser("*", (request, _payload, done) => done(hasNoBody(request) ? null : notJson()));
}

function invalidJson(detail: string, cause?: unknown): WorkstreamError {
  return new WorkstreamError("invalid_input", detail, {
    cause,
    details: { errors: [{ pointer: "", detail }] },
  });
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
}

function notJson(): WorkstreamError {
  return new WorkstreamError(
    "unsupported_media_type",
    "The body's Content-Type is not one that this path takes: send application/json; see /docs.",
  );
}

function isTooDeep(value: unknown, levelsLeft = maxDepth): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levelsLeft === 0) return true;
  if (Array.isArray(value)) return value.some((item) => isTooDeep(item, levelsLeft - 1));
  for (const key in value) {
    if (isTooDeep((value as Record<string, unknown>)[key], levelsLeft - 1)) return true;
  }
  return false;
}
