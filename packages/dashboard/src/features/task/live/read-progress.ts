/** Progress is whatever a handler reports; much of it has a share and a word or two. */
export type ReadProgress = {
  /** 0–1; null where it tells none. */
  share: number | null;
  /** What it is at. */
  text: string | null;
  /** What neither of them tells. */
  rest: Record<string, unknown>;
};

const doneNames = ["done", "current", "completed", "page", "part", "pages_done", "parts_done"];
const totalNames = ["total", "of", "count", "pages", "parts", "pages_total", "parts_total"];
const textNames = ["step", "message", "status", "stage"];

export function readProgress(progress: unknown): ReadProgress | null {
  if (progress === null || progress === undefined) return null;
  if (typeof progress === "number") return { share: shareOf(progress), text: null, rest: {} };
  if (typeof progress !== "object" || Array.isArray(progress)) {
    return {
      share: null,
      text: typeof progress === "string" ? progress : JSON.stringify(progress),
      rest: {},
    };
  }
  const rest: Record<string, unknown> = { ...progress };
  const done = take(rest, doneNames, isNumber);
  const total = take(rest, totalNames, isNumber);
  const percent = take(rest, ["percent"], isNumber);
  const step = take(rest, textNames, (value) => typeof value === "string");
  const counted = isNumber(done) && isNumber(total) ? `${done} of ${total}` : null;
  const share = counted !== null && Number(total) > 0 ? Number(done) / Number(total) : null;
  if (counted === null && isNumber(done)) rest.done = done;
  const texts = [step, counted].filter((text) => typeof text === "string");
  return {
    share: share === null ? (isNumber(percent) ? clamp(percent / 100) : null) : clamp(share),
    text: texts.length === 0 ? null : texts.join(", "),
    rest,
  };
}

/** Takes the first of the names out that has a fitting value. */
function take(
  from: Record<string, unknown>,
  names: readonly string[],
  fits: (value: unknown) => boolean,
): unknown {
  const name = names.find((candidate) => fits(from[candidate]));
  if (name === undefined) return undefined;
  const value = from[name];
  delete from[name];
  return value;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** 0.4 is a share, 40 a percentage. */
function shareOf(value: number): number {
  return clamp(value > 1 ? value / 100 : value);
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
