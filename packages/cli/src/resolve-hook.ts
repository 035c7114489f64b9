/**
 * Resolves what a user's task module imports, so that there is one instance of our packages in the process.
 *
 * `@workstream/worker` and `@workstream/core` lead to the program's own copies wherever the module lies. `zod` is taken
 * from the module's own folder, and from ours when there is none. A `.ts` file is a module even where no package.json
 * says so: tsx would make it CommonJS, whose `require` doesn't come by here.
 *
 * An entry of its own in the bundle: Node before 22.15 runs hooks on a thread of their own, which loads this file.
 */
export type ResolveSettings = {
  /** URLs by specifier. */
  ownModules: Record<string, string>;
  /** Where our own packages are resolved from. */
  homeUrl: string;
  /** The working directory, from which packages named in --tasks are resolved. */
  directoryUrl: string;
};

type Context = { parentURL?: string | undefined };
type Resolved = { url: string; format?: string | null | undefined; shortCircuit?: boolean };

/** Before a package's name: resolve it as if a file in the working directory imported it. */
export const fromDirectory = "workstream-tasks:";

let threadSettings: ResolveSettings | null = null;

/** Called by `module.register` on the hooks thread. */
export function initialize(settings: ResolveSettings): void {
  threadSettings = settings;
}

export async function resolve(
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => Promise<Resolved>,
): Promise<Resolved> {
  if (!threadSettings) return next(specifier, context);
  const step = stepFor(specifier, context, threadSettings);
  if ("url" in step) return step;
  try {
    return asModule(await next(step.specifier, step.context));
  } catch (error) {
    if (!isMissing(error) || !step.fallback) throw error;
    return next(specifier, step.fallback);
  }
}

/** The same for `module.registerHooks`, which runs hooks where they are. */
export function synchronousResolve(settings: ResolveSettings) {
  return (
    specifier: string,
    context: Context,
    next: (specifier: string, context: Context) => Resolved,
  ): Resolved => {
    const step = stepFor(specifier, context, settings);
    if ("url" in step) return step;
    try {
      return asModule(next(step.specifier, step.context));
    } catch (error) {
      if (!isMissing(error) || !step.fallback) throw error;
      return next(specifier, step.fallback);
    }
  };
}

type Step = Resolved | { specifier: string; context: Context; fallback: Context | null };

function stepFor(specifier: string, context: Context, settings: ResolveSettings): Step {
  const url = settings.ownModules[specifier];
  if (url) return { url, shortCircuit: true };
  if (specifier.startsWith(fromDirectory)) {
    const name = specifier.slice(fromDirectory.length);
    return { specifier: name, context: { ...context, parentURL: settings.directoryUrl }, fallback: null };
  }
  const isZod = specifier === "zod" || specifier.startsWith("zod/");
  return { specifier, context, fallback: isZod ? { ...context, parentURL: settings.homeUrl } : null };
}

function asModule(resolved: Resolved): Resolved {
  const isTypeScript = /\.tsx?($|\?)/.test(resolved.url);
  return isTypeScript ? { ...resolved, format: "module" } : resolved;
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException)?.code;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
