import { sharedHeight, sharedWidth, widthOf } from "./box.ts";
import type { PageBox } from "./pdf-document.ts";
import type { TextBlock } from "./text-block.ts";

const label =
  /^(fig(ure|ura|\.)?|abb(ildung|\.)|tab(le|elle|ela|la|leau|\.)|photo|foto|fotos|image|imagen|imagem|bild|gráfico|graphique|рис\.?|табл(ица|\.)|listing|algorithm|図|表)\s*[\d:.(]/iu;
const maxCaptionLines = 8;
const maxDistanceEms = 1.6;

export function isCaption(block: TextBlock, images: readonly PageBox[], bodySize: number): boolean {
  if (block.lines.length > maxCaptionLines) return false;
  if (label.test(block.text)) return true;
  const differs = block.bold || block.italic || block.fontSize < 0.95 * bodySize;
  return differs && block.fontSize <= 1.1 * bodySize && images.some((image) => stoodUnder(image, block));
}

function stoodUnder(image: PageBox, block: TextBlock): boolean {
  const gap = block.top - image.bottom;
  const under = gap > -0.5 * block.fontSize && gap < maxDistanceEms * block.fontSize;
  return under && sharedWidth(image, block) > 0.6 * widthOf(block);
}

/** Text inside a picture: labels of a chart or a map. */
export function isInside(block: TextBlock, images: readonly PageBox[], page: PageBox): boolean {
  return images.some(
    (image) =>
      // A picture behind most of the page is its background, or the scan that the text was read from.
      widthOf(image) < 0.7 * widthOf(page) &&
      sharedWidth(image, block) > 0.9 * widthOf(block) &&
      sharedHeight(image, block) > 0.9 * (block.bottom - block.top) &&
      block.lines.length <= 2,
  );
}
