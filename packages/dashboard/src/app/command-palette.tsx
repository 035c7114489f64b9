import { useNavigate } from "@tanstack/react-router";
import { Command, defaultFilter } from "cmdk";
import { useState } from "react";
import { changePreferences, isDark, usePreferences } from "../lib/preferences.ts";
import { Kbd } from "../ui/kbd.tsx";
import { destinations } from "./navigation.ts";

type CommandPaletteProps = { onOpenChange: (isOpen: boolean) => void; onSheet: () => void };

const item =
  "flex cursor-pointer items-center gap-3 rounded-md px-3 py-2 text-sm data-[selected=true]:bg-raised [&_kbd]:ml-auto";
const opening = "open the task ";
const searching = "search tasks for ";
const uuid = /^[0-9a-f]{8}-[0-9a-f-]{4,27}$/i;

/** A task's id is meant as one; what is called like a screen is that screen, and anything may be searched for. */
function rank(value: string, text: string): number {
  if (value.startsWith(opening)) return 2;
  if (value.startsWith(searching)) return 1e-9;
  return defaultFilter(value, text);
}

export function CommandPalette({ onOpenChange, onSheet }: CommandPaletteProps) {
  const navigate = useNavigate();
  const chosen = usePreferences();
  const [text, setText] = useState("");
  const run = (act: () => unknown) => () => {
    onOpenChange(false);
    act();
  };
  return (
    <Command.Dialog
      open
      onOpenChange={onOpenChange}
      label="Commands"
      filter={rank}
      overlayClassName="fixed inset-0 z-40 bg-[oklch(0_0_0/0.45)]"
      contentClassName="fixed top-[14vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-lg border bg-panel shadow-overlay"
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="Go to, search tasks, or paste a task's id…"
        className="w-full border-b bg-transparent px-4 py-3 text-base outline-none placeholder:text-faint"
      />
      <Command.List className="max-h-96 overflow-auto p-1.5 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-faint">
        <Command.Empty className="px-3 py-6 text-center text-sm text-faint">
          Nothing is called that.
        </Command.Empty>
        {uuid.test(text.trim()) && (
          <Command.Item
            value={`${opening}${text}`}
            className={item}
            onSelect={run(() => navigate({ to: "/tasks/$taskId", params: { taskId: text.trim() } }))}
          >
            Open the task {text.trim()}
          </Command.Item>
        )}
        <Command.Group heading="Go to">
          {destinations.map(({ to, label, keys, describes }) => (
            <Command.Item
              key={to}
              value={`${label} ${describes}`}
              className={item}
              onSelect={run(() => navigate({ to }))}
            >
              {label}
              <span className="text-faint">{describes}</span>
              <Kbd>{keys}</Kbd>
            </Command.Item>
          ))}
          <Command.Item
            value="New task create submit"
            className={item}
            onSelect={run(() => navigate({ to: "/new" }))}
          >
            New task <Kbd>n</Kbd>
          </Command.Item>
          <Command.Item
            value="Settings preferences"
            className={item}
            onSelect={run(() => navigate({ to: "/settings" }))}
          >
            Settings
          </Command.Item>
        </Command.Group>
        <Command.Group heading="This page">
          <Command.Item
            value="theme dark light"
            className={item}
            onSelect={run(() => changePreferences({ theme: isDark() ? "light" : "dark" }))}
          >
            Switch to the {isDark(chosen) ? "light" : "dark"} theme
          </Command.Item>
          <Command.Item
            value="pause resume live updates"
            className={item}
            onSelect={run(() => changePreferences({ isLive: !chosen.isLive }))}
          >
            {chosen.isLive ? "Pause" : "Resume"} live updates
          </Command.Item>
          <Command.Item
            value="density compact comfortable"
            className={item}
            onSelect={run(() =>
              changePreferences({ density: chosen.density === "compact" ? "comfortable" : "compact" }),
            )}
          >
            {chosen.density === "compact" ? "Comfortable" : "Compact"} rows
          </Command.Item>
          <Command.Item value="keyboard shortcuts help" className={item} onSelect={onSheet}>
            Keyboard shortcuts <Kbd>?</Kbd>
          </Command.Item>
        </Command.Group>
        {text.trim() !== "" && (
          <Command.Group heading="Search">
            <Command.Item
              value={`${searching}${text}`}
              className={item}
              onSelect={run(() => navigate({ to: "/tasks", search: { q: text.trim() } }))}
            >
              Search tasks for “{text.trim()}”
            </Command.Item>
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}
