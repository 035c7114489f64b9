/** The look of the small pills in the top bar. */
export const chip =
  "inline-flex h-7 items-center gap-1.75 rounded-full border bg-panel px-2.75 text-xs whitespace-nowrap text-soft";
