import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { renderConfigurationPage, renderEnvExample } from "./config-docs.ts";
import { variableNames } from "./config-schema.ts";

const root = new URL("../../../", import.meta.url);

describe("the generated pages", () => {
  it("are up to date on disk", () => {
    expect(readFileSync(new URL(".env.example", root), "utf8")).toBe(renderEnvExample());
    expect(readFileSync(new URL("docs/configuration.md", root), "utf8")).toBe(renderConfigurationPage());
  });

  it("have every line of .env.example commented out", () => {
    const lines = renderEnvExample().split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
  });

  it("give defaults that the program itself would take", () => {
    const settings = renderEnvExample().match(/^#[A-Z]\w*=.*$/gm) ?? [];
    const environment = parseEnv(settings.map((line) => line.slice(1)).join("\n"));
    expect(Object.keys(environment).sort()).toEqual([...variableNames].sort());
    expect(loadConfig(environment)).toEqual(loadConfig({}));
  });
});
