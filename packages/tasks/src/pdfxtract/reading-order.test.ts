import { expect, it } from "vitest";
import { inReadingOrder } from "./reading-order.ts";

function block(name: string, left: number, right: number, top: number, bottom: number) {
  const box = { left, right, top, bottom };
  return { name, ...box, reach: box, opensArticle: /^[A-Z]/.test(name) };
}

function order(...blocks: ReturnType<typeof block>[]): string {
  return inReadingOrder(blocks, 10)
    .map(({ name }) => name)
    .join(" ");
}

it("reads columns one after the other", () => {
  expect(order(block("right", 110, 200, 0, 100), block("left", 0, 100, 5, 105))).toBe("left right");
});

it("reads a headline before the columns that it spans", () => {
  const columns = [block("b", 110, 200, 40, 200), block("a", 0, 100, 40, 200)];
  expect(order(...columns, block("headline", 0, 150, 0, 30))).toBe("headline a b");
});

it("keeps a column apart from the headline beside it", () => {
  const story = [
    block("headline", 110, 310, 0, 30),
    block("b", 110, 200, 40, 200),
    block("c", 220, 310, 40, 200),
  ];
  expect(order(...story, block("a", 0, 100, 0, 200))).toBe("a headline b c");
});

it("parts three columns from the four below them at the headline between", () => {
  const three = [block("1", 0, 90, 40, 100), block("2", 105, 195, 40, 100), block("3", 210, 300, 40, 100)];
  const four = [0, 78, 156, 234].map((left, index) => block(`${index + 4}`, left, left + 66, 150, 220));
  expect(order(...four, ...three, block("second", 0, 290, 115, 140))).toBe("1 2 3 second 4 5 6 7");
});

it("reads what stands above a wide band of white before what stands below", () => {
  const above = [block("a", 0, 100, 0, 50), block("b", 110, 200, 0, 50)];
  expect(order(block("c", 0, 100, 100, 150), block("d", 110, 200, 100, 150), ...above)).toBe("a b c d");
});

it("finishes the columns above a row of headlines before it goes on below", () => {
  const above = [block("a", 0, 100, 0, 50), block("b", 110, 200, 0, 50)];
  const below = [block("Left", 0, 90, 60, 75), block("c", 0, 100, 80, 120), block("Right", 110, 190, 62, 77)];
  expect(order(...below, block("d", 110, 200, 80, 120), ...above)).toBe("a b Left c Right d");
});

it("reads down a column past a heading that stands alone", () => {
  const left = [block("a", 0, 100, 0, 50), block("Section", 0, 80, 60, 75), block("b", 0, 100, 80, 120)];
  expect(order(...left, block("c", 110, 200, 0, 58))).toBe("a Section b c");
});
