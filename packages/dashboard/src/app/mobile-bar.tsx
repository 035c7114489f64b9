import { Link } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { lazy, Suspense } from "react";
import { Button } from "../ui/button.tsx";
import { Mark } from "./mark.tsx";

const MobileMenu = lazy(async () => ({ default: (await import("./mobile-menu.tsx")).MobileMenu }));

/** Where there is no room for the side bar. */
export function MobileBar({ onPalette }: { onPalette: () => void }) {
  return (
    <header className="sticky top-0 z-30 flex items-center gap-2 border-b bg-bg px-3 py-2 md:hidden">
      <Link to="/" className="flex items-center gap-2 text-base font-semibold">
        <Mark /> Workstream
      </Link>
      <Button tone="ghost" size="icon" className="ml-auto" aria-label="Search" onClick={onPalette}>
        <Search />
      </Button>
      <Suspense fallback={<Button tone="ghost" size="icon" aria-label="Menu" disabled />}>
        <MobileMenu />
      </Suspense>
    </header>
  );
}
