import { columns, styled } from "./output.ts";

/** One finding of `doctor`. `advice` says what to do about anything but ok. */
export type DoctorCheck = {
  name: string;
  status: "ok" | "warn" | "fail";
  detail: string;
  advice: string | null;
};

export function ok(name: string, detail: string): DoctorCheck {
  return { name, status: "ok", detail, advice: null };
}

export function warn(name: string, detail: string, advice: string | null = null): DoctorCheck {
  return { name, status: "warn", detail, advice };
}

export function fail(name: string, detail: string, advice: string | null = null): DoctorCheck {
  return { name, status: "fail", detail, advice };
}

const styles = { ok: "green", warn: "yellow", fail: "red" } as const;

export function checkTable(checks: readonly DoctorCheck[]): string {
  return columns(
    checks.map(({ name, status, detail, advice }) => [
      styled(styles[status], status),
      name,
      advice === null ? detail : `${detail} ${advice}`,
    ]),
  );
}
