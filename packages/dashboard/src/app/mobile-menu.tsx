import { Link } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { destinations } from "./navigation.ts";

export function MobileMenu() {
  return (
    <Menu
      trigger={
        <Button tone="ghost" size="icon" aria-label="Menu">
          <MenuIcon />
        </Button>
      }
    >
      {destinations.map(({ to, label }) => (
        <MenuItem key={to} asChild>
          <Link to={to}>{label}</Link>
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem asChild>
        <Link to="/new">New task</Link>
      </MenuItem>
      <MenuItem asChild>
        <Link to="/settings">Settings</Link>
      </MenuItem>
    </Menu>
  );
}
