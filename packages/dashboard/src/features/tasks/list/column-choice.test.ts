// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from "vitest";
import { chosenColumns, columnsText, keepColumns, parseColumns } from "./column-choice.ts";

describe("the choice of columns", () => {
  beforeEach(() => localStorage.clear());

  it("comes from the address, in the table's order, with the id always there", () => {
    expect(parseColumns("worker,type,nonsense")).toEqual(["id", "type", "worker"]);
  });

  it("is none where nothing named is a column", () => {
    expect(parseColumns("nonsense")).toBeNull();
    expect(parseColumns(undefined)).toBeNull();
  });

  it("is what was chosen last where the address says nothing", () => {
    keepColumns(["id", "size"]);
    expect(chosenColumns(undefined)).toEqual(["id", "size"]);
    expect(chosenColumns("state")).toEqual(["id", "state"]);
  });

  it("needs no words in the address while it is the usual one, unless another was kept", () => {
    expect(columnsText(chosenColumns(undefined))).toBeUndefined();
    expect(columnsText(["size", "id"])).toBe("id,size");
  });
});
