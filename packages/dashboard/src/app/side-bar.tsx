import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus, Settings } from "lucide-react";
import { fleetQueries } from "../lib/queries/fleet-queries.ts";
import { Button } from "../ui/button.tsx";
import { GatewayFoot } from "./gateway-foot.tsx";
import { Mark } from "./mark.tsx";
import { NavCount } from "./nav-count.tsx";
import { destinations } from "./navigation.ts";

export const navLink =
  "flex min-h-8 items-center justify-between gap-2 rounded-md px-2.5 py-1.5 text-sm text-soft hover:bg-raised hover:text-fg data-[status=active]:bg-raised data-[status=active]:font-medium data-[status=active]:text-fg";

export function SideBar() {
  const { data: gateway } = useQuery(fleetQueries.gateway);
  const mayCreate = gateway?.role !== "reader";
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-0.5 overflow-y-auto border-r px-3 py-4 md:flex">
      <Link to="/" className="flex items-center gap-2.5 rounded-md px-2 pb-4 text-base font-semibold">
        <Mark />
        Workstream
      </Link>
      <nav aria-label="Main" className="flex flex-col gap-0.5">
        {destinations.map(({ to, label, keys }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/", includeSearch: false }}
            className={navLink}
          >
            {label}
            <NavCount to={to} keys={keys} />
          </Link>
        ))}
      </nav>
      {mayCreate && (
        <Button asChild className="mt-4" size="md">
          <Link to="/new">
            <Plus /> New task
          </Link>
        </Button>
      )}
      <div className="mt-auto flex flex-col gap-2">
        <Link to="/settings" className={navLink}>
          <span className="flex items-center gap-2">
            <Settings className="size-3.5" /> Settings
          </span>
        </Link>
        <GatewayFoot />
      </div>
    </aside>
  );
}
