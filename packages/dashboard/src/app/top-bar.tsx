import { Search } from "lucide-react";
import { chip } from "../ui/chip.ts";
import { cn } from "../ui/class-names.ts";
import { Kbd } from "../ui/kbd.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { ServiceBadge } from "./service-badge.tsx";

/** The state of the connection and of the service, and the way to everything: on every screen, in one place. */
export function TopBar({ onPalette }: { onPalette: () => void }) {
  return (
    <div className="mb-3 flex flex-wrap items-center justify-end gap-2 lg:float-right lg:mb-0 lg:ml-6">
      <ConnectionBadge />
      <ServiceBadge />
      <button
        type="button"
        onClick={onPalette}
        className={cn(chip, "hidden hover:border-line-strong hover:text-fg md:inline-flex")}
      >
        <Search className="size-3" aria-hidden="true" />
        Search <Kbd>{isMac() ? "⌘" : "Ctrl"} K</Kbd>
      </button>
    </div>
  );
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
