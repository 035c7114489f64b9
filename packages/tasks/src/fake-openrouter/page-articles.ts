import { leadingSentences } from "./leading-sentences.ts";
import { valueFor } from "./schema-walk.ts";

type JsonSchema = Record<string, unknown>;

/** The answer to a request for the articles of a page, from its text layer; null when the schema asks for something else. */
export function pageArticles(schema: JsonSchema, text: string): unknown {
  const properties = schema.properties as Record<string, JsonSchema> | undefined;
  const item = properties?.articles?.items as JsonSchema | undefined;
  const fields = item?.properties as Record<string, JsonSchema> | undefined;
  if (properties === undefined || !fields?.title || !fields.body) return null;
  const rest = Object.keys(properties).filter((name) => name !== "articles");
  return {
    ...Object.fromEntries(rest.map((name) => [name, besides(properties[name]!, schema)])),
    articles: articlesOf(text).map((article) => filled(article, fields, schema)),
  };
}

type Article = { title: string; body: string };

/** A line that stands alone begins an article, as does the first line of the page; what follows is its body. */
function articlesOf(text: string): Article[] {
  const blocks = text.replaceAll("\r\n", "\n").split(/\n\s*\n/);
  const articles: Article[] = [];
  for (const block of blocks.map((part) => part.trim()).filter((part) => part !== "")) {
    const [first = "", ...others] = block.split("\n");
    const current = articles.at(-1);
    const hasHeading = isHeading(first) && (others.length === 0 || current === undefined);
    if (hasHeading) articles.push({ title: first, body: others.join("\n") });
    else if (current === undefined) articles.push({ title: "", body: block });
    else current.body += current.body === "" ? block : `\n\n${block}`;
  }
  return articles.filter(({ body }) => body !== "");
}

function isHeading(block: string): boolean {
  return block.length <= 80 && /[\p{L}]/u.test(block) && !/[.!?:;,。！？…]["”»]?$/u.test(block);
}

function filled(article: Article, fields: Record<string, JsonSchema>, root: JsonSchema): unknown {
  const known: Record<string, unknown> = {
    ...article,
    subtitle: "",
    author: "",
    topics: [],
    summary: leadingSentences(article.body, 1),
  };
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      name in known ? known[name] : valueFor(field, { root, text: article.body }),
    ]),
  );
}

/** Nothing that the text does not say: null where that is allowed. */
function besides(field: JsonSchema, root: JsonSchema): unknown {
  const branches = (field.anyOf ?? field.oneOf ?? []) as JsonSchema[];
  const isNullable =
    (Array.isArray(field.type) && field.type.includes("null")) ||
    branches.some(({ type }) => type === "null");
  return isNullable ? null : valueFor(field, { root, text: "" });
}
