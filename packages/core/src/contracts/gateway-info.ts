/** What a client should know of the gateway before it asks anything else. */
import { z } from "zod";
import type { StoreAbout } from "../ports/store-health.ts";

export const gatewayInfoSchema = z.object({
  version: z.string(),
  store: z.object({
    kind: z.enum(["redis", "sqlite"]),
    version: z.string().nullable(),
    memory_bytes: z
      .number()
      .nullable()
      .meta({ description: "Used by Redis, or the size of the file; null: unknown" }),
    memory_limit_bytes: z.number().nullable().meta({ description: "maxmemory; null: none" }),
  }),
  auth: z.enum(["off", "keys"]),
  role: z.enum(["reader", "submitter", "operator"]).meta({ description: "What this caller may do" }),
  max_upload_bytes: z.int(),
  docs_url: z.string(),
});
export type GatewayInfo = z.infer<typeof gatewayInfoSchema>;

type Known = {
  version: string;
  store: StoreAbout;
  auth: GatewayInfo["auth"];
  role: GatewayInfo["role"];
  maxUploadBytes: number;
};

export function toGatewayInfo({ version, store, auth, role, maxUploadBytes }: Known): GatewayInfo {
  return {
    version,
    store: {
      kind: store.kind,
      version: store.version,
      memory_bytes: store.memoryBytes,
      memory_limit_bytes: store.memoryLimitBytes,
    },
    auth,
    role,
    max_upload_bytes: maxUploadBytes,
    docs_url: "/docs",
  };
}
