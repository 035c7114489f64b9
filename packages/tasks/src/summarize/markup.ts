const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g;
const lineBreak = /\r\n?|[\u2028\u0085\v]/g;
const pageOrParagraphBreak = /[\f\u2029]/g;
// Every repetition is bounded: these run over a whole text, and an unclosed mark must not cost its square.
const htmlTag =
  /<\/?(?:a|abbr|b|blockquote|br|center|code|dd|details|div|dl|dt|em|h[1-6]|hr|i|img|kbd|li|ol|p|picture|pre|source|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|ul)(?:\s[^<>]{0,1000})?\/?>/gi;
const image = /!\[[^[\]\n]{0,300}\]\([^()\s]{1,1000}\)/g;
const link = /\[([^[\]\n]{1,300})\](?:\([^()\s]{1,1000}\)|\[[^[\]\n]{0,80}\])/g;
const STRONG = /(\*\*|__)(?=\S)([^*_\n]{1,300})(?<=\S)\1/g;
const referenceMark = /\^\[\w{1,3}\]|(?<=[.,;:!?)"”»。，])\[\d{1,3}\]/g;
const FENCE = /^\s{0,3}(`{3,}|~{3,})/;
const SIGNATURE = "\n-- \n";
const signatureMaxCharacters = 1_000;

/** Plain lines: without invisible characters, markup, fenced code, or the signature that closes a mail. */
export function plainLines(text: string): string[] {
  const normal = text.replace(lineBreak, "\n").replace(pageOrParagraphBreak, "\n\n").replace(INVISIBLE, "");
  return stripInlineMarkup(withoutSignature(withoutFencedCode(normal))).split("\n");
}

function stripInlineMarkup(text: string): string {
  return withoutComments(text)
    .replace(htmlTag, " ")
    .replace(image, "")
    .replace(link, "$1")
    .replace(STRONG, "$2")
    .replace(referenceMark, "");
}

function withoutComments(text: string): string {
  const [start = "", ...rest] = text.split("<!--");
  return (
    start + rest.map((part) => part.slice(part.indexOf("-->") < 0 ? 0 : part.indexOf("-->") + 3)).join("")
  );
}

function withoutFencedCode(text: string): string {
  if (!text.includes("```") && !text.includes("~~~")) return text;
  const kept: string[] = [];
  let openFence: string | undefined;
  for (const line of text.split("\n")) {
    const fence = FENCE.exec(line.slice(0, 80))?.[1]?.slice(0, 3);
    if (openFence === undefined && fence === undefined) kept.push(line);
    else if (openFence === undefined) kept.push("");
    if (fence !== undefined) openFence = nextFence(openFence, fence);
  }
  return kept.join("\n");
}

function nextFence(openFence: string | undefined, fence: string): string | undefined {
  if (openFence === undefined) return fence;
  return openFence === fence ? undefined : openFence;
}

function withoutSignature(text: string): string {
  const start = text.lastIndexOf(SIGNATURE);
  return start > 0 && text.length - start <= signatureMaxCharacters ? text.slice(0, start) : text;
}
