import type { ReactNode } from "react";

type SettingRowProps = { title: string; text: ReactNode; children: ReactNode };

export function SettingRow({ title, text, children }: SettingRowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3.5">
      <div className="min-w-48 flex-1">
        <p className="text-sm font-medium">{title}</p>
        <p className="text-xs text-faint">{text}</p>
      </div>
      {children}
    </div>
  );
}
