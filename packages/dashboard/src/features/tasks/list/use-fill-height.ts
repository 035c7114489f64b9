import { useLayoutEffect, useRef, useState } from "react";

const least = 320;
/** Below it: the frame's padding, and the borders of the panel. */
const belowPx = 42;

/** The height that takes an element from where it begins to the end of the window. */
export function useFillHeight() {
  const ref = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(least);
  useLayoutEffect(() => {
    const measure = () => {
      const top = (ref.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
      setHeight(Math.max(least, Math.floor(window.innerHeight - top - belowPx)));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    const above = ref.current?.parentElement;
    if (above) observer.observe(above);
    window.addEventListener("resize", measure);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, []);
  return { ref, height };
}
