import { lazy, Suspense } from "react";
import { useUnauthorized } from "../lib/unauthorized.ts";

const KeyDialog = lazy(async () => ({ default: (await import("./key-dialog.tsx")).KeyDialog }));

/** Most gateways on loopback want no key: the dialog is fetched when one does. */
export function KeyQuestion() {
  const isWanted = useUnauthorized();
  return isWanted ? (
    <Suspense>
      <KeyDialog />
    </Suspense>
  ) : null;
}
