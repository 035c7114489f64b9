import { cn } from "./class-names.ts";

type BarProps = { value: number; max: number; label: string; tone?: string; className?: string };

/** How much of something is used. @param props.tone a background class, such as `bg-active` */
export function Bar({ value, max, label, tone = "bg-accent", className }: BarProps) {
  const share = max <= 0 ? 0 : Math.min(1, Math.max(0, value / max));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element can't be styled alike in all browsers
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.max(0, Math.min(value, max))}
      className={cn(
        "inline-block h-1.25 w-21 overflow-hidden rounded-full bg-raised align-middle",
        className,
      )}
    >
      <span className={cn("block h-full rounded-full", tone)} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
