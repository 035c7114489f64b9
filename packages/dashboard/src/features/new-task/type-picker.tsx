import { Link, useNavigate } from "@tanstack/react-router";
import type { TaskType } from "@workstream/core";
import { cn } from "../../ui/class-names.ts";
import { Field, NativeSelect } from "../../ui/field.tsx";

type TypePickerProps = { types: readonly TaskType[]; chosen: TaskType };

/** Every type with what it does; a select where there is no room for that. */
export function TypePicker({ types, chosen }: TypePickerProps) {
  const navigate = useNavigate();
  return (
    <>
      <div className="lg:hidden">
        <Field label="Type">
          {(ids) => (
            <NativeSelect
              {...ids}
              value={chosen.type}
              onChange={(event) =>
                void navigate({ to: "/new", search: { type: event.target.value }, replace: true })
              }
            >
              {types.map(({ type }) => (
                <option key={type} value={type}>
                  {type}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
      </div>
      <nav aria-label="Task types" className="hidden lg:block">
        <ul className="flex flex-col gap-0.5">
          {types.map(({ type, queue, description }) => (
            <li key={type}>
              <Link
                to="/new"
                search={{ type }}
                replace
                aria-current={type === chosen.type ? "true" : undefined}
                className={cn(
                  "block rounded-md px-3 py-2 hover:bg-raised",
                  type === chosen.type && "bg-accent-bg hover:bg-accent-bg",
                )}
              >
                <span className="flex items-baseline gap-2">
                  <span className={cn("text-sm font-medium", type === chosen.type && "text-accent")}>
                    {type}
                  </span>
                  {queue !== type && <span className="ml-auto truncate text-xs text-faint">{queue}</span>}
                </span>
                <span className="mt-0.5 line-clamp-2 text-xs text-soft">{description}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </>
  );
}
