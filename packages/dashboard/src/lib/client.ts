/** The gateway that served this page, or another one of the same origin behind a proxy. */
import { createClient } from "@workstream/client";
import { apiKey } from "./api-key.ts";

export const client = createClient({ apiKey });
