import { createHash } from "node:crypto";
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

/** Three pages of one build: the command page at `/`, the phone's at `/phone/`, its forms' at `/phone/fill.html`. Beside the phone's lie its
 * manifest, its icon and its service worker, which is told what the shell is made of: the page and
 * all that it loads without being asked. */
function pages(): Plugin {
  const own = (name: string): string => readFileSync(new URL(`phone/${name}`, import.meta.url), "utf8");
  return {
    name: "pages",
    enforce: "post",
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        if (request.url === "/" || request.url?.startsWith("/?")) request.url = "/command/index.html";
        else if (/^\/phone\/(app\.webmanifest|icon\.svg|fill\.html)$/.test(request.url ?? "")) return next();
        else if (/^\/phone\/?(\?|$)/.test(request.url ?? "")) request.url = "/phone/index.html";
        next();
      });
    },
    generateBundle(_, bundle) {
      const command = bundle["command/index.html"];
      const phone = bundle["phone/index.html"];
      if (command?.type !== "asset" || phone?.type !== "asset") throw new Error("a page is missing in the build");
      delete bundle["command/index.html"];
      this.emitFile({ type: "asset", fileName: "index.html", source: command.source });
      const fill = bundle["phone/fill.html"];
      if (fill?.type !== "asset") throw new Error("the page of forms is missing in the build");
      const html = String(phone.source);
      /** What a page loads without being asked; with `all` also what it may come to load. */
      const loaded = (source: string, all: boolean): Set<string> => {
        const found = new Set([...source.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((m) => m[1]!));
        for (const file of found) {
          const chunk = bundle[file];
          if (chunk?.type === "chunk") for (const name of [...chunk.imports, ...(all ? chunk.dynamicImports : [])]) found.add(name);
        }
        return found;
      };
      const files = loaded(html, false);
      for (const name of ["app.webmanifest", "icon.svg"]) {
        this.emitFile({ type: "asset", fileName: `phone/${name}`, source: own(name) });
      }
      const shell = ["/phone/", "/phone/app.webmanifest", "/phone/icon.svg", ...[...files].sort().map((f) => `/${f}`)];
      const forms = ["/phone/fill.html", ...[...loaded(String(fill.source), true)].filter((f) => !files.has(f)).sort().map((f) => `/${f}`)];
      const version = createHash("sha256").update(html + own("app.webmanifest") + own("icon.svg") + own("sw.js") + shell.join() + String(fill.source) + forms.join()).digest("hex");
      const source = own("sw.js").replace('["__SHELL__"]', JSON.stringify(shell)).replace('["__FORMS__"]', JSON.stringify(forms)).replace("__VERSION__", version.slice(0, 16));
      this.emitFile({ type: "asset", fileName: "phone/sw.js", source });
    },
  };
}

/** The maps of ODK Web Forms ask a server elsewhere for their tiles, and so would tell it where somebody is: the
 * place is shown without. */
function noForeignTiles(): Plugin {
  const foreign = "https://tile.openstreetmap.org/{z}/{x}/{y}.png";
  const blank = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  return {
    name: "no-foreign-tiles",
    renderChunk(code) {
      return code.includes(foreign) ? { code: code.replaceAll(foreign, blank), map: null } : null;
    },
    generateBundle(_, bundle) {
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type === "chunk" && chunk.code.includes("tile.openstreetmap.org")) throw new Error(`${name} asks elsewhere for tiles`);
      }
    },
  };
}

export default defineConfig({
  root: ".",
  base: "/",
  plugins: [react(), openbridgePalettes(), noForeignTiles(), pages()],
  publicDir: false,
  worker: { format: "es" },
  build: {
    outDir: "../src/littoral/api/pages",
    rollupOptions: { input: { command: "command/index.html", phone: "phone/index.html", fill: "phone/fill.html" } },
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2500,
  },
  server: {
    host: "127.0.0.1",
    fs: { allow: [".."] },
    proxy: { "/api": { target: "http://127.0.0.1:8620", ws: true } },
  },
  test: { root: ".", include: ["{client,map,words,command,sync,phone}/**/*.test.{ts,tsx}"] },
});
