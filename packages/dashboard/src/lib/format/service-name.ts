const knownNames: Record<string, string> = { openrouter: "OpenRouter" };

/** How a guarded service is called in a sentence. */
export function serviceName(service: string): string {
  return knownNames[service] ?? service;
}
