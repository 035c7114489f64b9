/** Whether a client would rather see a page than JSON: browsers name text/html, and programs don't. */
export function prefersHtml(accept: string | undefined): boolean {
  const html = qualityOf(accept ?? "", "text/html");
  return html > 0 && html >= qualityOf(accept ?? "", "application/json");
}

function qualityOf(accept: string, mediaType: string): number {
  for (const entry of accept.split(",")) {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    if (name !== mediaType) continue;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return quality === undefined ? 1 : Number(quality.slice(2)) || 0;
  }
  return 0;
}
