import { expect, it } from "vitest";
import { findTopics } from "./topics.ts";

it("ranks what is said most, the title's words first, and leaves function words out", () => {
  const body =
    "The ferry sailed. The ferry returned because the harbour was closed. This harbour has one ferry which sailed.";
  expect(findTopics("A second ferry", body)).toEqual(["ferry", "sailed", "harbour"]);
});

it("counts inflections as one topic", () => {
  const body = "Gardens grow. A garden grows. Garden paths and garden walls; paths and walls.";
  expect(findTopics("", body)[0]).toBe("garden");
  expect(findTopics("", body)).not.toContain("gardens");
});

it("claims nothing about a text that repeats nothing", () => {
  expect(findTopics("", "Every word appears exactly once here.")).toEqual([]);
});

it("gives at most six", () => {
  const body = "alpha bravo charlie delta echoes foxtrot golfing hotels ".repeat(3);
  expect(findTopics("", body)).toHaveLength(6);
});

it("divides Japanese into words", () => {
  expect(findTopics("", "図書館は夜まで開いている。図書館の時間。時間と図書館。")).toContain("図書館");
});
