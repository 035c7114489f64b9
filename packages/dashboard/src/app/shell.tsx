import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { LoadingRows } from "../ui/skeleton.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { MobileBar } from "./mobile-bar.tsx";
import { SideBar } from "./side-bar.tsx";
import { TopBar } from "./top-bar.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

const CommandPalette = lazy(async () => ({
  default: (await import("./command-palette.tsx")).CommandPalette,
}));
const ShortcutSheet = lazy(async () => ({ default: (await import("./shortcut-sheet.tsx")).ShortcutSheet }));

/** What surrounds every screen. */
export function Shell() {
  const [overlay, setOverlay] = useState<"palette" | "shortcuts" | null>(null);
  useShortcuts({ onPalette: () => setOverlay("palette"), onSheet: () => setOverlay("shortcuts") });
  const close = (isOpen: boolean) => {
    if (!isOpen) setOverlay(null);
  };
  return (
    <div className="grid min-h-dvh grid-cols-1 md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="absolute -top-20 left-2 z-50 rounded-md bg-accent px-3 py-2 text-accent-fg focus:top-2"
      >
        Skip to the content
      </a>
      <SideBar />
      <div className="flex min-w-0 flex-col">
        <MobileBar onPalette={() => setOverlay("palette")} />
        <ConnectionBanner />
        <main id="main" className="mx-auto w-full max-w-345 flex-1 px-4 pt-4 pb-10 md:px-7">
          <TopBar onPalette={() => setOverlay("palette")} />
          <Suspense fallback={<LoadingRows rows={8} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Suspense>
        {overlay === "palette" && (
          <CommandPalette onOpenChange={close} onSheet={() => setOverlay("shortcuts")} />
        )}
        {overlay === "shortcuts" && <ShortcutSheet onOpenChange={close} />}
      </Suspense>
    </div>
  );
}
