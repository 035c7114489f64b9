import type { LinkProps } from "@tanstack/react-router";

type Destination = { to: LinkProps["to"]; label: string; keys: string; describes: string };

/** The screens of the side bar, in its order. `keys` are pressed one after the other. */
export const destinations = [
  { to: "/", label: "Overview", keys: "g o", describes: "Is it draining, what is broken" },
  { to: "/tasks", label: "Tasks", keys: "g t", describes: "Search, retry, cancel, delete" },
  { to: "/dead-letters", label: "Dead letters", keys: "g d", describes: "What gave up, by cause" },
  { to: "/dependencies", label: "Dependencies", keys: "g s", describes: "Breakers, limits, credits" },
  { to: "/workers", label: "Workers", keys: "g w", describes: "Who runs what" },
] as const satisfies readonly Destination[];
