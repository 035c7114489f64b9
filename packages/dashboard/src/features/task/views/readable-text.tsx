import { useState } from "react";
import { countOf } from "../../../lib/format/numbers.ts";
import { Button } from "../../../ui/button.tsx";

/** So much is shown of a long text before someone asks for the rest. */
const shownAtFirst = 1_600;

/** Text for reading: a measure, its own line breaks, and of a long one the beginning first. */
export function ReadableText({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(false);
  const isLong = text.length > shownAtFirst * 1.25;
  const shown = isWhole || !isLong ? text : text.slice(0, cutAt(text));
  return (
    <div className="max-w-[70ch]">
      <p className="text-base leading-relaxed break-words whitespace-pre-wrap">
        {shown}
        {shown.length < text.length && "…"}
      </p>
      {isLong && (
        <Button size="sm" className="mt-3" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show less" : `Show all ${countOf(text.length, "character")}`}
        </Button>
      )}
    </div>
  );
}

function cutAt(text: string): number {
  const space = text.lastIndexOf(" ", shownAtFirst);
  return space > shownAtFirst / 2 ? space : shownAtFirst;
}
