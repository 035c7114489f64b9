import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readEnvironment } from "./environment.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "workstream-env-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe("readEnvironment", () => {
  it("reads .env, and lets the process environment win", () => {
    writeFileSync(join(directory, ".env"), 'API_PORT=9001\nLEASE_SECONDS="45"\n# MAX_RETRIES=9\n');
    vi.stubEnv("API_PORT", "9002");
    vi.stubEnv("MAX_RETRIES", undefined);
    const environment = readEnvironment(directory);
    expect(environment.API_PORT).toBe("9002");
    expect(environment.LEASE_SECONDS).toBe("45");
    expect(environment.MAX_RETRIES).toBeUndefined();
  });

  it("doesn't let an empty variable hide the one in .env", () => {
    writeFileSync(join(directory, ".env"), "API_PORT=9001\n");
    vi.stubEnv("API_PORT", "");
    expect(readEnvironment(directory).API_PORT).toBe("9001");
  });

  it.each(["BOGUS LINE\nMAX_RETRIES=2\n", "BOGUS LINE=2\n"])("refuses %j, which hides a setting", (text) => {
    writeFileSync(join(directory, ".env"), `API_PORT=9001\n${text}`);
    expect(() => readEnvironment(directory)).toThrow(/"BOGUS LINE" is not NAME=value\.$/);
  });

  it("takes a name after export, and comments, and empty lines", () => {
    writeFileSync(join(directory, ".env"), "# a comment\n\nexport LEASE_SECONDS=45 # seconds\n");
    expect(readEnvironment(directory).LEASE_SECONDS).toBe("45");
  });

  it("needs no .env", () => {
    vi.stubEnv("API_PORT", "9002");
    expect(readEnvironment(directory).API_PORT).toBe("9002");
  });
});
