import { Search, X } from "lucide-react";
import { type KeyboardEvent, type RefObject, useId, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { cn } from "../../../ui/class-names.ts";
import { Kbd } from "../../../ui/kbd.tsx";
import { SearchProblems } from "./search-problems.tsx";
import { type Suggestion, suggestionsAt, withSuggestion } from "./search-suggestions.ts";
import { SuggestionRow } from "./suggestion-row.tsx";
import { parseTaskSearch, type SearchProblem } from "./task-search.ts";
import { useKnownValues } from "./use-known-values.ts";

type SearchBoxProps = {
  inputRef: RefObject<HTMLInputElement | null>;
  /** As it stands in the address. */
  value: string;
  onSearch: (text: string) => void;
  /** From the box into the list. */
  onLeave: () => void;
};

/** A combobox: what may come next is listed under it, arrows choose, Enter takes or searches, Escape closes, takes back, leaves. */
export function SearchBox({ inputRef, value, onSearch, onLeave }: SearchBoxProps) {
  const id = useId();
  const [draft, setDraft] = useState<{ of: string; text: string; caret: number }>({
    of: value,
    text: value,
    caret: 0,
  });
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const { text, caret } = draft.of === value ? draft : { text: value, caret: value.length };
  const suggestions = suggestionsAt(text, caret, useKnownValues());
  const options = isOpen ? suggestions.options : [];
  const problems = problemsToTell(text, isOpen ? caret : null);

  const write = (next: string, at: number) => {
    setDraft({ of: value, text: next, caret: at });
    setChosen(-1);
  };
  const search = (next: string) => {
    setOpen(false);
    setDraft({ of: next.trim(), text: next.trim(), caret: next.length });
    if (next.trim() !== value) onSearch(next.trim());
  };
  const take = (suggestion: Suggestion) => {
    const next = withSuggestion(text, suggestions, suggestion);
    write(next.text, next.caret);
    // The caret can be put there only once the text is.
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(next.caret, next.caret));
    if (!suggestion.isBeginning) search(next.text);
  };
  const remedy = ({ start, end, remedy: better = "" }: SearchProblem) =>
    search(text.slice(0, start) + better + text.slice(end));

  const onKeyDown = (event: KeyboardEvent) => {
    const isDown = event.key === "ArrowDown";
    if (isDown || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setChosen((now) => moved(now, isDown ? 1 : -1, suggestions.options.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const suggestion = options[chosen];
      if (suggestion) take(suggestion);
      else search(text);
    } else if (event.key === "Tab" && options[chosen] && !event.shiftKey) {
      event.preventDefault();
      take(options[chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (options.length > 0) setOpen(false);
      else if (text !== value) write(value, value.length);
      else onLeave();
    }
  };

  return (
    <div className="relative min-w-0 flex-1 basis-full sm:basis-0">
      <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-faint" aria-hidden="true" />
      <input
        ref={inputRef}
        role="combobox"
        aria-label="Search tasks"
        aria-expanded={options.length > 0}
        aria-controls={`${id}-options`}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 && options.length > 0 ? `${id}-${chosen}` : undefined}
        aria-invalid={problems.length > 0}
        aria-describedby={problems.length > 0 ? `${id}-problems` : undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder="status:dlq type:summarize created:24h"
        value={text}
        onChange={({ target }) => {
          write(target.value, target.selectionStart ?? target.value.length);
          setOpen(true);
        }}
        onSelect={({ currentTarget: { selectionStart } }) => {
          if (selectionStart !== null && selectionStart !== caret) {
            setDraft({ of: value, text, caret: selectionStart });
          }
        }}
        onClick={() => setOpen(true)}
        onBlur={() => search(text)}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-md border border-line-strong bg-panel pr-9 pl-8.5 font-mono text-xs text-ellipsis text-fg placeholder:text-faint aria-invalid:border-danger"
      />
      <span className="absolute inset-y-0 right-1.5 flex items-center">
        {text === "" ? (
          <span className="mr-1 hidden md:inline-flex">
            <Kbd>/</Kbd>
          </span>
        ) : (
          <Button size="iconSm" tone="ghost" aria-label="Clear the search" onClick={() => search("")}>
            <X />
          </Button>
        )}
      </span>
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label="Suggestions"
        className={cn(
          "absolute top-9 right-0 left-0 z-30 max-h-80 overflow-auto rounded-md border bg-panel p-1 shadow-overlay",
          options.length === 0 && "hidden",
        )}
      >
        {options.map((option, index) => (
          <SuggestionRow
            key={option.text}
            id={`${id}-${index}`}
            option={option}
            isChosen={index === chosen}
            onTake={() => take(option)}
          />
        ))}
      </div>
      <SearchProblems id={`${id}-problems`} problems={problems} onRemedy={remedy} />
    </div>
  );
}

/** −1 is the box itself. */
function moved(now: number, by: number, count: number): number {
  return ((now + 1 + by + count + 1) % (count + 1)) - 1;
}

/** While one types, a word that is not finished is not yet wrong. */
function problemsToTell(text: string, caret: number | null): SearchProblem[] {
  const { problems } = parseTaskSearch(text);
  return caret === null ? problems : problems.filter(({ start, end }) => caret < start || caret > end);
}
