import { lazy, Suspense, useEffect, useState } from "react";
import { isDark, usePreferences } from "../lib/preferences.ts";
import { type Notice, onNotice } from "./notify.ts";

const loadSonner = () => import("sonner");
const Sonner = lazy(async () => ({ default: (await loadSonner()).Toaster }));

async function show({ kind, text, detail }: Notice): Promise<void> {
  const { toast } = await loadSonner();
  toast[kind](text, detail === undefined ? {} : { description: detail });
}

export function Notices() {
  const [isWanted, setWanted] = useState(false);
  const chosen = usePreferences();
  useEffect(
    () =>
      onNotice((notice) => {
        setWanted(true);
        void show(notice);
      }),
    [],
  );
  if (!isWanted) return null;
  return (
    <Suspense>
      <Sonner theme={isDark(chosen) ? "dark" : "light"} position="bottom-right" closeButton />
    </Suspense>
  );
}
