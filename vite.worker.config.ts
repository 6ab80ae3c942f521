/**
 * The tablet's service worker, built by itself into static/dist/worker/: one file without imports, because a worker of
 * modules is not known to every browser that runs the app, and because its address must not change between versions.
 */
import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  publicDir: false,
  // Workbox tells developers at length what it does; a tablet's console is read by nobody.
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: here("./static/dist/worker"),
    emptyOutDir: true,
    target: "es2022",
    lib: {
      entry: here("./static/tablet/worker.ts"),
      formats: ["iife"],
      name: "sutgTabletWorker",
      fileName: () => "tablet.js",
    },
  },
});
