const knownNames: Record<string, string> = { openrouter: "OpenRouter" };

/** How a guarded service is called in a sentence. */
export function serviceName(service: string): string {
  return knownNames[service] ?? service;
}

/** The same where a sentence begins: "OpenRouter", "Service weather". */
export function serviceSubject(service: string): string {
  return knownNames[service] ?? `Service ${service}`;
}
