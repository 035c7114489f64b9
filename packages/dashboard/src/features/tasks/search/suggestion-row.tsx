import type { Suggestion } from "./search-suggestions.ts";

type SuggestionRowProps = { id: string; option: Suggestion; isChosen: boolean; onTake: () => void };

export function SuggestionRow({ id, option, isChosen, onTake }: SuggestionRowProps) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={isChosen}
      tabIndex={-1}
      // Before the box loses the focus, which would close this list.
      onPointerDown={(event) => {
        event.preventDefault();
        onTake();
      }}
      className="flex cursor-pointer items-baseline gap-3 rounded-sm px-2 py-1.5 hover:bg-raised aria-selected:bg-raised"
    >
      <code className="text-xs">{option.text}</code>
      <span className="truncate text-xs text-faint">{option.describes}</span>
    </div>
  );
}
