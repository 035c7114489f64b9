/** Maps a page's own coordinates (y upwards, rotation and crop not applied) to the page as it is read. */
export type PageSpace = { a: number; b: number; c: number; d: number; e: number; f: number };

export type Point = { x: number; y: number };

export function toPage(space: PageSpace, x: number, y: number): Point {
  return { x: space.a * x + space.c * y + space.e, y: space.b * x + space.d * y + space.f };
}

/** Degrees clockwise, in the page as it is read, of a direction given in the page's own coordinates. */
export function angleOf(space: PageSpace, dx: number, dy: number): number {
  return (Math.atan2(space.b * dx + space.d * dy, space.a * dx + space.c * dy) * 180) / Math.PI;
}
