import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

const merge = extendTailwindMerge({ extend: { theme: { text: ["2xs"], spacing: ["row", "card"] } } });

/** Joins class names; of two that contradict each other the later one counts. */
export function cn(...values: ClassValue[]): string {
  return merge(clsx(values));
}
