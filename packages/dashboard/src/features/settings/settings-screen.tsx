import { changePreferences, type Preferences, usePreferences } from "../../lib/preferences.ts";
import { NativeSelect } from "../../ui/field.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Panel } from "../../ui/panel.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { KeySetting } from "./key-setting.tsx";
import { SettingRow } from "./setting-row.tsx";

const themes = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const satisfies { value: Preferences["theme"]; label: string }[];
const densities = [
  { value: "comfortable", label: "Comfortable" },
  { value: "compact", label: "Compact" },
] as const satisfies { value: Preferences["density"]; label: string }[];
const updates = [
  { value: "on", label: "On" },
  { value: "off", label: "Paused" },
] as const;

const zones = ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];

/** What this browser remembers. Nothing of it touches the gateway. */
export function SettingsScreen() {
  const { theme, density, timeZone, isLive } = usePreferences();
  return (
    <>
      <PageHeader title="Settings" documentTitle="Settings" summary="Kept in this browser, for you alone." />
      <Panel className="max-w-2xl" bodyClassName="hairline-rows">
        <SettingRow title="Theme" text="System follows what your machine prefers, as it changes.">
          <Segmented
            label="Theme"
            value={theme}
            options={themes}
            onChange={(next) => changePreferences({ theme: next })}
          />
        </SettingRow>
        <SettingRow title="Rows" text="Compact shows more of a list at once.">
          <Segmented
            label="Rows"
            value={density}
            options={densities}
            onChange={(next) => changePreferences({ density: next })}
          />
        </SettingRow>
        <SettingRow title="Time zone" text="Of every time on these pages. The gateway always speaks UTC.">
          <NativeSelect
            aria-label="Time zone"
            className="w-56"
            value={timeZone}
            onChange={(event) => changePreferences({ timeZone: event.target.value })}
          >
            <option value="local">This machine's ({Intl.DateTimeFormat().resolvedOptions().timeZone})</option>
            {zones.map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </NativeSelect>
        </SettingRow>
        <SettingRow
          title="Live updates"
          text="Paused, pages stand still until you go on: to read a list that moves."
        >
          <Segmented
            label="Live updates"
            value={isLive ? "on" : "off"}
            options={updates}
            onChange={(next) => changePreferences({ isLive: next === "on" })}
          />
        </SettingRow>
        <KeySetting />
      </Panel>
    </>
  );
}
