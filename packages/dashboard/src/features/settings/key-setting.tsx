import { useQuery, useQueryClient } from "@tanstack/react-query";
import { changeApiKey, useApiKey } from "../../lib/api-key.ts";
import { fleetQueries } from "../../lib/queries/fleet-queries.ts";
import { announceUnauthorized } from "../../lib/unauthorized.ts";
import { Button } from "../../ui/button.tsx";
import { SettingRow } from "./setting-row.tsx";

/** The key that this browser sends, where the gateway wants one. */
export function KeySetting() {
  const { data: gateway } = useQuery(fleetQueries.gateway);
  const key = useApiKey();
  const queries = useQueryClient();
  const forget = () => {
    changeApiKey(null);
    void queries.resetQueries();
  };
  return (
    <SettingRow title="Key" text={sentence(gateway?.auth, gateway?.role)}>
      {key === null ? (
        <Button onClick={() => announceUnauthorized()} disabled={gateway?.auth === "off"}>
          Enter a key
        </Button>
      ) : (
        <Button tone="danger" onClick={forget}>
          Forget it
        </Button>
      )}
    </SettingRow>
  );
}

function sentence(auth: string | undefined, role: string | undefined): string {
  if (auth === "off") return "This gateway wants none.";
  if (role === undefined) return "This gateway may want one.";
  return `Yours may act as ${role}.`;
}
