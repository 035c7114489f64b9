import type { PageBox } from "./pdf-document.ts";

/** Something to be put in reading order. */
export type Orderable = PageBox & {
  /** The box that it heads or fills, which may be wider than its text. */
  reach: PageBox;
  /** A headline clearly larger than the text, or what stands above one. */
  opensArticle: boolean;
};
