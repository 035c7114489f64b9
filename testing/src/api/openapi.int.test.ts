import { type ErrorCode, errorTable, reservedTaskTypes } from "@workstream/core";
import { describe, expect, it } from "vitest";
import { type ApiStage, useApi } from "./api-stage.ts";

type Operation = {
  summary?: string;
  tags?: string[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { description: string; content?: Record<string, { schema: unknown }> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

const openApi = useApi();

async function read(): Promise<{ stage: ApiStage; document: Document; operations: [string, Operation][] }> {
  const stage = await openApi();
  const document: Document = (await stage.ask("GET", "/openapi.json")).body;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
  return { stage, document, operations };
}

/** Every route in Fastify's tree of them, as the document would name it. */
function routesOf(tree: string): string[] {
  const trail: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const [, indent = "", part = "", methods] = /^(.*── )(\S+)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
    trail.splice(indent.length / 4 - 1, trail.length, part);
    const path = trail.join("");
    return (methods?.split(", ") ?? []).map((method) => {
      // A parameter that routes of several methods name differently stands once: {type}|{task_id}.
      const named = path.replace(
        ":type|:task_id",
        method === "POST" && part.includes("|") ? ":type" : ":task_id",
      );
      return `${method.toLowerCase()} ${named.replaceAll(/:(\w+)/g, "{$1}")}`;
    });
  });
}

/** The codes that a documented answer names, with its status. */
function documentedCodes(operation: Operation): [ErrorCode, number][] {
  return Object.entries(operation.responses).flatMap(([status, { description }]) =>
    Number(status) < 400
      ? []
      : Array.from(description.matchAll(/`([a-z_]+)`/g), ([, code]): [ErrorCode, number] => [
          code as ErrorCode,
          Number(status),
        ]),
  );
}

describe("the document", () => {
  it("has no route in the place of a task type but those of types and reserved names", async () => {
    const { operations } = await read();
    const taken = operations.flatMap(([name]) => /^post \/api\/v1\/tasks\/([a-z-]+)$/.exec(name)?.[1] ?? []);
    const types = ["summarize", "pdfxtract", "archive"];
    expect(taken.filter((name) => !types.includes(name)).sort()).toEqual([...reservedTaskTypes].sort());
  });

  it("is OpenAPI 3.1 and refers to nothing that it lacks", async () => {
    const { document } = await read();
    expect(document.openapi).toBe("3.1.0");
    const referred = JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    const names = new Set(Array.from(referred, ([, name]) => name));
    expect([...names].sort()).toEqual(Object.keys(document.components.schemas).sort());
    expect(names).toContain("TaskDetail");
    expect(names).toContain("Problem");
  });

  it("has every route of the app", async () => {
    const { stage, operations } = await read();
    const documented = new Set(operations.map(([name]) => name));
    const routes = routesOf(stage.app.printRoutes({ commonPrefix: false }));
    const own = routes.filter((route) => !/^(head|options) |\/docs|\*/.test(route));
    expect(own.length).toBeGreaterThan(25);
    expect(own.filter((route) => !documented.has(route))).toEqual([]);
  });

  it("agrees with the error table in both directions", async () => {
    const { operations } = await read();
    const documented = operations.flatMap(([, operation]) => documentedCodes(operation));
    for (const [code, status] of documented) expect([code, errorTable[code]?.status]).toEqual([code, status]);
    expect([...new Set(documented.map(([code]) => code))].sort()).toEqual(Object.keys(errorTable).sort());
  });

  it("describes every answer, and every error as a problem", async () => {
    const { operations } = await read();
    for (const [name, operation] of operations) {
      expect(operation.summary, name).toBeTruthy();
      expect(operation.tags, name).toHaveLength(1);
      for (const [status, { description, content = {} }] of Object.entries(operation.responses)) {
        expect(description, `${name} ${status}`).not.toMatch(/^(Default Response)?$/);
        if (Number(status) < 400) continue;
        const { schema } = content["application/problem+json"] ?? {};
        expect(schema, `${name} ${status}`).toEqual({ $ref: "#/components/schemas/Problem" });
      }
    }
  });

  it("says what an upload is made of", async () => {
    const { document } = await read();
    const upload = document.paths["/api/v1/tasks/pdfxtract"]?.post;
    expect(upload?.requestBody?.content).toMatchObject({
      "multipart/form-data": {
        schema: {
          required: ["file"],
          properties: { file: { type: "string", format: "binary" }, issue_date: { format: "date" } },
        },
      },
    });
  });

  it("wants keys where they are wanted", async () => {
    const auth = { mode: "keys" as const, keys: [{ key: "k" }] };
    const { ask } = await openApi({ settings: { auth } });
    const { body } = await ask("GET", "/openapi.json", { headers: { "x-api-key": "k" } });
    expect(body.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
  });
});

describe("the page", () => {
  it("loads nothing from elsewhere, and no script that its policy forbids", async () => {
    const { ask } = await openApi();
    const page = (await ask("GET", "/docs")).text;
    expect(page).toContain("<title>Workstream API</title>");
    const sources = Array.from(page.matchAll(/(?:src|href)="([^"]+)"/g), ([, source = ""]) => source);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) {
      expect(source).toMatch(/^\/docs\/static\//);
      expect((await ask("GET", source)).status, source).toBe(200);
    }
    for (const [, script = ""] of page.matchAll(/<script[^>]*>([^<]*)<\/script>/g))
      expect(script.trim()).toBe("");
  });
});
