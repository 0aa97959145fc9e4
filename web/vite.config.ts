import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

/** OpenBridge's style sheet is 680 kB, nearly all of it sizes of components that this page does not
 * use: only the colour tokens of the four palettes go into the build. */
function openbridgePalettes(): Plugin {
  const name = "virtual:openbridge-palettes.css";
  return {
    name: "openbridge-palettes",
    resolveId: (id) => (id === name ? `\0${name}` : null),
    load(id) {
      if (id !== `\0${name}`) return null;
      const file = new URL(
        "node_modules/@oicl/openbridge-webcomponents/dist/openbridge.css",
        import.meta.url,
      );
      const css = readFileSync(fileURLToPath(file), "utf8");
      const blocks = css.match(/:root\[data-obc-theme="\w+"\] \{[^}]*\}/g) ?? [];
      if (blocks.length !== 4) {
        throw new Error(`expected 4 OpenBridge palettes, found ${blocks.length}`);
      }
      const wanted = /^--(element|container|border|alert|on|normal|selected|shadow|flat|raised)-/;
      return blocks
        .map((block) => {
          const selector = block.slice(0, block.indexOf("{"));
          const tokens = (block.match(/--[\w-]+:[^;]*;/g) ?? []).filter((token) => wanted.test(token));
          return `${selector}{${tokens.join("").replace(/\s+/g, " ")}}`;
        })
        .join("\n");
    },
  };
}

export default defineConfig({
  root: "command",
  base: "/",
  plugins: [react(), openbridgePalettes()],
  worker: { format: "es" },
  build: {
    outDir: "../../src/littoral/api/pages",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2500,
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".."] },
    proxy: { "/api": { target: "http://127.0.0.1:8620", ws: true } },
  },
  test: { root: ".", include: ["{client,map,words,command}/**/*.test.{ts,tsx}"] },
});
