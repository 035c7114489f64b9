import * as nodeModule from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type ResolveSettings, synchronousResolve } from "./resolve-hook.ts";

type HookOptions = { directory: string; withTypeScript: boolean };

/** Node 22.15 and later run hooks in the same thread; earlier ones on a thread of their own. */
type SynchronousHooks = (hooks: { resolve: ReturnType<typeof synchronousResolve> }) => void;
const registerHooks: SynchronousHooks | undefined = Reflect.get(nodeModule, "registerHooks");

const isFromSource = import.meta.url.endsWith(".ts");

/**
 * Makes users' modules see our packages (see resolve-hook.ts), for the rest of the process.
 *
 * tsx comes first, for hooks run in the reverse order of their registration: ours must name the URL before tsx looks.
 */
export async function installResolveHook({ directory, withTypeScript }: HookOptions): Promise<void> {
  // From source the whole program runs under tsx already.
  if (withTypeScript && !isFromSource) {
    const tsx = await import("tsx/esm/api");
    tsx.register();
  }
  const settings: ResolveSettings = {
    ownModules: ownModules(),
    homeUrl: import.meta.url,
    directoryUrl: pathToFileURL(join(directory, "package.json")).href,
  };
  if (registerHooks) registerHooks({ resolve: synchronousResolve(settings) });
  else nodeModule.register(hookFile(), import.meta.url, { data: settings });
}

function hookFile(): string {
  return isFromSource ? "./resolve-hook.ts" : "./resolve-hook.js";
}

function ownModules(): Record<string, string> {
  const urls = { core: urlOf("core"), worker: urlOf("worker") };
  return {
    "@workstream/core": urls.core,
    "@workstream/worker": urls.worker,
    "workstream/core": urls.core,
    "workstream/worker": urls.worker,
  };
}

/** In the bundle every entry lies beside this file. */
function urlOf(name: "core" | "worker"): string {
  return isFromSource
    ? import.meta.resolve(`@workstream/${name}`)
    : new URL(`./${name}.js`, import.meta.url).href;
}
