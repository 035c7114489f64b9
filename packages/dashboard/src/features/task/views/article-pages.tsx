import { EmptyState } from "../../../ui/empty-state.tsx";
import { cutAtMatches } from "./article-search.ts";
import type { Article, PdfPage } from "./built-in-results.ts";

type ArticlePagesProps = { pages: readonly PdfPage[]; search: string };

export function ArticlePages({ pages, search }: ArticlePagesProps) {
  if (pages.length === 0) {
    return <EmptyState title="Nothing found">No article holds these words. Try fewer of them.</EmptyState>;
  }
  return (
    <div className="min-w-0 max-w-[70ch]">
      {pages.map((page) => (
        <section
          key={page.page_number}
          id={`page-${page.page_number}`}
          aria-label={`Page ${page.page_number}`}
          className="scroll-mt-4 [contain-intrinsic-size:auto_40rem] [content-visibility:auto] [&+&]:mt-8"
        >
          <h3 className="mb-2 border-b pb-1 text-xs text-faint">Page {page.page_number}</h3>
          {page.status === "skipped" && <p className="text-sm text-soft">Skipped: {page.reason}.</p>}
          {page.status === "processed" && page.articles.length === 0 && (
            <p className="text-sm text-soft">No articles on this page.</p>
          )}
          {page.articles.map((article, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: articles have no other name, and a page's never move
            <OneArticle key={index} article={article} search={search} />
          ))}
        </section>
      ))}
    </div>
  );
}

function OneArticle({ article, search }: { article: Article; search: string }) {
  const { title, subtitle, author, body, topics, summary } = article;
  return (
    <article className="[&+&]:mt-7">
      {title !== "" && (
        <h4 className="text-xl leading-tight font-semibold tracking-tight">
          <Marked text={title} search={search} />
        </h4>
      )}
      {subtitle !== "" && (
        <p className="mt-1 text-base leading-snug text-soft">
          <Marked text={subtitle} search={search} />
        </p>
      )}
      {author !== "" && (
        <p className="mt-1.5 text-xs text-faint">
          <Marked text={author} search={search} />
        </p>
      )}
      {body !== "" && (
        <p className="mt-2.5 text-base leading-relaxed break-words whitespace-pre-wrap">
          <Marked text={body} search={search} />
        </p>
      )}
      {summary !== "" && (
        <p className="mt-2 border-l-2 pl-3 text-sm text-soft">
          In short: <Marked text={summary} search={search} />
        </p>
      )}
      {topics.length > 0 && <p className="mt-2 text-xs text-faint">{topics.join(" · ")}</p>}
    </article>
  );
}

function Marked({ text, search }: { text: string; search: string }) {
  return cutAtMatches(text, search).map(({ text: piece, isMatch }, index) =>
    isMatch ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces are made anew together
      <mark key={index} className="rounded-sm bg-warning-bg text-warning">
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
