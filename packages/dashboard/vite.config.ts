import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `npm run dev` beside a gateway: requests go to GATEWAY_URL, as to the page's own host: the gateway refuses what another page asks for. */
const gateway = process.env.GATEWAY_URL ?? "http://127.0.0.1:8000";
const proxied = ["/api", "/health", "/docs", "/openapi.json"];

export default defineConfig(({ command }) => {
  // Whoever runs the build, a test runner too: React for development is larger, and slower.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    plugins: [react(), tailwindcss()],
    resolve: { conditions: ["workstream-source", "module", "browser", "development|production"] },
    server: { port: 5173, proxy: Object.fromEntries(proxied.map((path) => [path, { target: gateway }])) },
    build: {
      target: "es2023",
      outDir: "../../.build/dashboard",
      emptyOutDir: true,
      assetsInlineLimit: 0,
      manifest: true,
      chunkSizeWarningLimit: 250,
    },
  };
});
