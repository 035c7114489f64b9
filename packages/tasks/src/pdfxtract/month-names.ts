const locales = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "sv",
  "da",
  "nb",
  "fi",
  "pl",
  "cs",
  "ro",
  "hu",
  "tr",
  "ru",
  "uk",
  "el",
];

/** Month names, full and short, as dates have them, to the month's number. From the ICU data of the runtime. */
export function monthNames(): Map<string, number> {
  const names = new Map<string, number>();
  for (const locale of locales) {
    for (const style of ["short", "long"] as const) addMonths(names, locale, style);
  }
  return names;
}

function addMonths(names: Map<string, number>, locale: string, style: "short" | "long"): void {
  const format = new Intl.DateTimeFormat(locale, { day: "numeric", month: style, timeZone: "UTC" });
  for (let month = 1; month <= 12; month++) {
    const parts = format.formatToParts(Date.UTC(2024, month - 1, 15));
    const name = parts.find((part) => part.type === "month")?.value;
    const known = name?.toLowerCase().replace(/\.$/, "");
    if (known && /\p{L}{3}/u.test(known) && !names.has(known)) names.set(known, month);
  }
}
