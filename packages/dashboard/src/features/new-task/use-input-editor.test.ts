// @vitest-environment jsdom
import { act, renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { formModel } from "./form/form-model.ts";
import { useInputEditor } from "./use-input-editor.ts";

const schema = z.object({
  title: z.string().min(1),
  pages: z.int().default(5),
  author: z.object({ name: z.string() }),
});
const model = formModel(z.toJSONSchema(schema, { io: "input" }));

function edit(input?: unknown) {
  const { result } = renderHook(() => useInputEditor(model, input));
  return {
    editor: () => result.current,
    switchTo(mode: "form" | "json") {
      let why: string | null = null;
      act(() => {
        why = result.current.switchTo(mode);
      });
      return why;
    },
    write: (text: string) => act(() => result.current.setText(text)),
    fill: (value: Record<string, never>) => act(() => result.current.setValue(value)),
  };
}

describe("useInputEditor", () => {
  it("takes what is entered in the form along to JSON and back", () => {
    const { editor, switchTo, write } = edit({ title: "Bees", author: { name: "Ada" } });
    expect(switchTo("json")).toBeNull();
    expect(JSON.parse(editor().text)).toEqual({ title: "Bees", author: { name: "Ada" } });
    write('{"title":"Wasps","pages":7,"author":{"name":"Ada"}}');
    expect(switchTo("form")).toBeNull();
    expect(editor().read()).toEqual({
      input: { title: "Wasps", pages: 7, author: { name: "Ada" } },
      faults: [],
    });
  });

  it("stays in JSON with what the form can't hold, and loses nothing of it", () => {
    const { editor, switchTo, write } = edit();
    switchTo("json");
    write('{"title":"Bees","other":1}');
    expect(switchTo("form")).toContain("can't hold");
    expect(editor()).toMatchObject({ mode: "json", text: '{"title":"Bees","other":1}' });
    write("{");
    expect(switchTo("form")).toContain("Mend");
  });

  it("begins in JSON with an input that the form can't hold", () => {
    const { editor } = edit({ other: 1 });
    expect(editor().mode).toBe("json");
    expect(editor().read().input).toEqual({ other: 1 });
  });

  it("points at faults where the gateway would", () => {
    const { editor } = edit();
    expect(
      editor()
        .read()
        .faults.map(({ pointer }) => pointer),
    ).toEqual(["/input/title"]);
  });
});
