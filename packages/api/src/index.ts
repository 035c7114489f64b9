export {
  type ApiKey,
  type ApiSettings,
  type AuthSettings,
  defaultApiSettings,
  defaultStreamSettings,
  type EventStreamSettings,
  loopbackHosts,
  type Role,
  roles,
} from "./api-settings.ts";
export { type ApiParts, createApi } from "./create-api.ts";
export { createDashboard, type DashboardParts } from "./create-dashboard.ts";
