import { WorkstreamError } from "@workstream/core";
import type { FastifyInstance } from "fastify";

/** Deeper values overflow the stack of every recursive reader behind the gateway. */
const maxDepth = 128;

/** JSON is the only body of most routes. An empty one counts as none; the schemas say where one is needed. */
export function acceptJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.toString().trim() === "") return done(null, undefined);
    parseJson(request, body as string, (error, value) => {
      if (error === null && isTooDeep(value)) {
        return done(
          new WorkstreamError("malformed_request", `The JSON body is nested over ${maxDepth} levels deep.`),
        );
      }
      done(error, value);
    });
  });
}

function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isObject);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === maxDepth) return true;
    level = level.flatMap((item) => Object.values(item).filter(isObject));
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
