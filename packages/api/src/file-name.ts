const maxLength = 255;
// Control characters, halves of characters, and the marks that turn the direction of the text around them.
const unprintable = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The last part of an uploaded file's name, printable and at most 255 characters. */
export function safeFileName(name: string, fallback: string): string {
  const base = (name.split(/[/\\]/).at(-1) ?? "").replace(unprintable, "").trim();
  const isName = base !== "" && !/^\.+$/.test(base);
  return isName ? shorten(base) : fallback;
}

function shorten(name: string): string {
  if (name.length <= maxLength) return name;
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : "";
  return (name.slice(0, maxLength - extension.length) + extension).replace(/\p{Cs}/gu, "");
}

/** Saves the body under `name` (RFC 6266), and never shows it in the page. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
