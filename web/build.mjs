// The widget is one classic script; the console, the demo and the survey are pages with their own assets.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const out = `${root}dist`;
/** @type {import("vite").InlineConfig} */
const common = { configFile: false, logLevel: "warn", publicDir: false };
const target = ["chrome90", "firefox90", "safari15"];

await rm(out, { recursive: true, force: true });

await build({
  ...common,
  root,
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    target,
    outDir: out,
    emptyOutDir: false,
    lib: {
      entry: `${root}src/widget/main.ts`,
      formats: ["iife"],
      name: "qiantai",
      fileName: () => "widget.js",
    },
  },
});

for (const page of ["desk", "demo", "survey"]) {
  await build({
    ...common,
    root: `${root}src/${page}`,
    base: `/${page}/`,
    build: {
      target,
      outDir: `${out}/${page}`,
      emptyOutDir: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
}
