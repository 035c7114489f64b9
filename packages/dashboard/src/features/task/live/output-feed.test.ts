import { describe, expect, it } from "vitest";
import { OutputFeed, type OutputWrite } from "./output-feed.ts";

function stage() {
  const frames: (() => void)[] = [];
  const writes: OutputWrite[] = [];
  const feed = new OutputFeed((flush) => frames.push(flush));
  return {
    feed,
    writes,
    frames,
    nextFrame: () => {
      for (const flush of frames.splice(0)) flush();
    },
    show: () => feed.show((write) => writes.push(write)),
  };
}

describe("OutputFeed", () => {
  it("writes once a frame, however much came", () => {
    const { feed, writes, frames, nextFrame, show } = stage();
    show();
    for (const token of ["a", "b", "c"]) feed.append(token);
    expect(frames).toHaveLength(1);
    nextFrame();
    expect(writes.slice(1)).toEqual([{ isReset: false, text: "abc" }]);
  });

  it("begins anew on a reset, also within a frame", () => {
    const { feed, writes, nextFrame, show } = stage();
    show();
    feed.append("old");
    nextFrame();
    feed.append("lost");
    feed.reset("new");
    feed.append(" text");
    nextFrame();
    expect(writes.at(-1)).toEqual({ isReset: true, text: "new text" });
    expect(feed.text()).toBe("new text");
  });

  it("gives one that shows it later what was written, and no more to one that left", () => {
    const { feed, writes, nextFrame, show } = stage();
    feed.append("early");
    nextFrame();
    const leave = show();
    expect(writes).toEqual([{ isReset: true, text: "early" }]);
    leave();
    feed.append(" late");
    nextFrame();
    expect(writes).toHaveLength(1);
    expect(feed.text()).toBe("early late");
  });

  it("tells when there is something, not of each token", () => {
    const { feed, nextFrame } = stage();
    let told = 0;
    feed.subscribe(() => told++);
    feed.append("a");
    nextFrame();
    feed.append("b");
    nextFrame();
    expect(told).toBe(1);
    feed.reset("");
    nextFrame();
    expect(told).toBe(2);
    expect(feed.isEmpty()).toBe(true);
  });
});
