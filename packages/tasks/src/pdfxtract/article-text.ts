import type { ArticleDraft } from "./article-draft.ts";
import { namesIn } from "./byline.ts";
import { joinLines, type Vocabulary } from "./hyphenation.ts";
import { toParagraphs } from "./paragraphs.ts";
import type { TextBlock } from "./text-block.ts";

export type ArticleText = {
  title: string;
  subtitle: string;
  author: string;
  /** The running text, which summary and topics are taken from. */
  paragraphs: string[];
  asides: string[];
};

export function toArticleText(draft: ArticleDraft, vocabulary: Vocabulary): ArticleText {
  return {
    title: headText(draft.title, vocabulary),
    subtitle: headText(draft.subtitle, vocabulary),
    author: authorText(draft.author),
    paragraphs: toParagraphs(draft.body, vocabulary),
    asides: draft.asides.flatMap((block) => toParagraphs([block], vocabulary)),
  };
}

function headText(blocks: readonly TextBlock[], vocabulary: Vocabulary): string {
  return blocks
    .map((block) =>
      joinLines(
        block.lines.map((line) => line.text),
        vocabulary,
      ),
    )
    .join(" ");
}

function authorText(blocks: readonly TextBlock[]): string {
  return blocks.map(namesIn).join(", ");
}
