import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { destinations } from "./navigation.ts";

type Group = { title: string; rows: readonly { keys: string; does: string }[] };

const groups: readonly Group[] = [
  { title: "Go to", rows: destinations.map(({ keys, label }) => ({ keys, does: label })) },
  {
    title: "Everywhere",
    rows: [
      { keys: "Ctrl K", does: "Commands and search (⌘ K on a Mac)" },
      { keys: "n", does: "New task" },
      { keys: "?", does: "This sheet" },
    ],
  },
  {
    title: "Lists of tasks",
    rows: [
      { keys: "/", does: "Search" },
      { keys: "j", does: "Next task" },
      { keys: "k", does: "Previous task" },
      { keys: "x", does: "Select" },
      { keys: "⇧ X", does: "Select from the last one to here" },
      { keys: "Enter", does: "Open" },
      { keys: "Esc", does: "Clear the selection" },
    ],
  },
  {
    title: "A task",
    rows: [
      { keys: "j", does: "Next in the list" },
      { keys: "k", does: "Previous in the list" },
      { keys: "r", does: "Retry" },
      { keys: "c", does: "Cancel" },
    ],
  },
];

export function ShortcutSheet({ onOpenChange }: { onOpenChange: (isOpen: boolean) => void }) {
  return (
    <Dialog
      isOpen
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      className="w-[min(40rem,calc(100vw-2rem))]"
    >
      <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
        {groups.map(({ title, rows }) => (
          <section key={title}>
            <h3 className="mb-1.5 text-xs text-faint">{title}</h3>
            <dl className="hairline-rows">
              {rows.map(({ keys, does }) => (
                <div key={does} className="flex items-center justify-between gap-4 py-1.5 text-sm">
                  <dt>{does}</dt>
                  <dd className="flex gap-1">
                    {keys.split(" ").map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
