/** Spans of time for people, in the two largest units at most. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `840 ms`, `4.2 s`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return formatDuration(0);
  if (ms < 1) return ms === 0 ? "0 s" : "<1 ms";
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < 10 * second) return `${trimmed(ms / second)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return pair(ms, { size: minute, unit: "min" }, { size: second, unit: "s" });
  if (ms < day) return pair(ms, { size: hour, unit: "h" }, { size: minute, unit: "min" });
  return pair(ms, { size: day, unit: "d" }, { size: hour, unit: "h" });
}

/** The largest unit alone: `4 min`, `3 h`. For ages that are looked at in passing. */
export function formatAge(ms: number): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / second))} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

type Unit = { size: number; unit: string };

function pair(ms: number, large: Unit, small: Unit): string {
  const whole = Math.floor(ms / large.size);
  const rest = Math.floor((ms % large.size) / small.size);
  return rest === 0 || whole >= 30
    ? `${whole} ${large.unit}`
    : `${whole} ${large.unit} ${rest} ${small.unit}`;
}

function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, "");
}
