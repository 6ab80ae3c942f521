/**
 * How the assets are built: `npm run build` writes static/dist/ with hashed names and .vite/manifest.json, which the
 * `asset()` global of the Jinja environment reads. Vite's development server is not used: pages come from Django.
 */
import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Relative addresses, so that the build does not care where static files are mounted.
  base: "./",
  // The design system's own icons and web app manifest are copied as they are.
  publicDir: here("./node_modules/nhsuk-frontend/dist/nhsuk/assets"),
  css: {
    preprocessorOptions: {
      // nhsuk-frontend silences its own deprecations in later releases; its warnings are not ours to act on.
      scss: { quietDeps: true },
    },
  },
  build: {
    outDir: here("./static/dist"),
    emptyOutDir: true,
    manifest: true,
    // Inlined images would need `data:` in every policy; a cached file is as good.
    assetsInlineLimit: 0,
    // nhsuk-frontend needs modules anyway: older browsers get the pages without enhancement.
    target: "es2022",
    // The policy forbids inline scripts, and every browser that runs these modules preloads by itself.
    modulePreload: false,
    rollupOptions: {
      input: {
        style: here("./static/scss/app.scss"),
        app: here("./static/js/app.ts"),
        support: here("./static/js/support.ts"),
        tablet: here("./static/tablet/main.tsx"),
        tablet_style: here("./static/scss/tablet.scss"),
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["static/**/*.test.{ts,tsx}"],
  },
});
