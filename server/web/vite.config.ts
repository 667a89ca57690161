import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** `vite` serves the page from its sources and hands the API on to a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  server: { host: "127.0.0.1", proxy: { "/api": process.env.FAIRLEAD_URL ?? "http://127.0.0.1:8080" } },
  build: {
    // A stylesheet of its own that fails would leave its part without looks for good.
    cssCodeSplit: false,
    target: "es2022",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
