const mask = "[key]";
const longestQuote = 300;

/** Takes a secret out of a text that someone else wrote, as it is and as it stands in a URL. */
export function redactKey(text: string, key: string | null): string {
  if (key === null || key === "") return text;
  return text.replaceAll(key, mask).replaceAll(encodeURIComponent(key), mask);
}

/** The beginning of such a text. Cut last, so that no half of the key is left. */
export function quote(text: string, key: string | null): string {
  return redactKey(text, key).slice(0, longestQuote);
}
