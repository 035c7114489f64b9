import type { PageBox } from "./pdf-document.ts";

export function boundsOf(boxes: readonly PageBox[]): PageBox {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const box of boxes) {
    bounds.left = Math.min(bounds.left, box.left);
    bounds.top = Math.min(bounds.top, box.top);
    bounds.right = Math.max(bounds.right, box.right);
    bounds.bottom = Math.max(bounds.bottom, box.bottom);
  }
  return bounds;
}

/** Length that two boxes share along x; negative is the gap between them. */
export function sharedWidth(one: PageBox, other: PageBox): number {
  return Math.min(one.right, other.right) - Math.max(one.left, other.left);
}

/** Length that two boxes share along y; negative is the gap between them. */
export function sharedHeight(one: PageBox, other: PageBox): number {
  return Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
}

export function widthOf(box: PageBox): number {
  return box.right - box.left;
}

export function heightOf(box: PageBox): number {
  return box.bottom - box.top;
}
