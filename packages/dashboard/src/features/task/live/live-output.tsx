import { useEffect, useRef } from "react";
import { OutputDocument } from "./output-document.ts";
import type { OutputFeed, OutputWrite } from "./output-feed.ts";

/** What a task writes, as it is written. It stays at the end while its reader does. */
export function LiveOutput({ output }: { output: OutputFeed }) {
  const box = useRef<HTMLElement>(null);
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scroller = box.current;
    if (text.current === null || scroller === null) return;
    const written = new OutputDocument(text.current);
    const write = (next: OutputWrite) => {
      const isAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 24;
      written.write(next);
      if (isAtEnd || next.isReset) scroller.scrollTop = scroller.scrollHeight;
    };
    return output.show(write);
  }, [output]);
  return (
    <section
      ref={box}
      aria-label="Output as it is written"
      tabIndex={0}
      className="max-h-[28rem] overflow-auto rounded-md border bg-bg p-4"
    >
      <div ref={text} className="max-w-[70ch] text-base leading-relaxed break-words whitespace-pre-wrap" />
    </section>
  );
}
