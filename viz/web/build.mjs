// Builds the styles and scripts of the pages into dist/: hashed names, a manifest of them, the licences of what is inside.
// `npm run build`; nothing is fetched, nothing is written elsewhere.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { parse } from "smol-toml";

const here = dirname(fileURLToPath(import.meta.url));
const viz = dirname(here);
const out = join(here, "dist");
const toml = (name) => parse(readFileSync(join(viz, name), "utf8"));

/** What scripts and styles read of the data files of viz/. */
const data = {
  name: "data",
  setup(build) {
    build.onResolve({ filter: /^data:(words|palette)$/ }, ({ path }) => ({ path, namespace: "data" }));
    build.onLoad({ filter: /^data:words$/, namespace: "data" }, () => ({
      contents: JSON.stringify(toml("words.toml").script), loader: "json", watchFiles: [join(viz, "words.toml")],
    }));
    build.onLoad({ filter: /^data:palette$/, namespace: "data" }, () => ({
      contents: JSON.stringify(toml("palette.toml").colour.map((one) => one.name)), loader: "json",
    }));
  },
};

/** The shaders of sigma without their comments and indents: they weigh on every first load. */
const shaders = {
  name: "shaders",
  setup(build) {
    build.onLoad({ filter: /node_modules\/sigma\/.*\.esm\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/\/\*glsl\*\/"((?:[^"\\]|\\.)*)"/g, (_, text) =>
        `"${text.replace(/[ \t]*\/\/.*?(?=\\n)/g, "").replace(/(?:\\n\s*)+/g, "\\n")}"`),
    }));
  },
};

const shared = {
  absWorkingDir: here, bundle: true, minify: true, outdir: out, metafile: true, write: true, logLevel: "warning",
  target: ["chrome123", "firefox120", "safari17.5"], legalComments: "none", charset: "utf8",
  entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", plugins: [data, shaders],
  alias: { events: join(here, "src", "emitter.ts") },
};

const modules = ["site", "query", "editor", "static-search", "static-missing", "explorer", "planning"].map((name) => `src/${name}.ts`);

function written(results) {
  const manifest = {};
  for (const { metafile } of results) {
    for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
      if (entryPoint) manifest[basename(entryPoint).replace(/\.ts$/, ".js")] = basename(file);
    }
  }
  return manifest;
}

function hashed(name, text) {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const file = name.replace(/(\.[a-z]+)$/, `-${digest}$1`);
  writeFileSync(join(out, file), text);
  return file;
}

/** The palette as custom properties, beside the style sheets that use them. */
function palette() {
  const rows = toml("palette.toml").colour.map((one, i) => `  --colour-${i + 1}: light-dark(${one.light}, ${one.dark});`);
  return `:root {\n${rows.join("\n")}\n}\n`;
}

/** Name, version, licence and licence text of every package whose code is in the bundles. */
function licences(results) {
  const inputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs).flatMap((o) =>
    Object.entries(o.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)));
  const names = new Set(inputs.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
  const texts = [...names].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
    if (!about.license) throw new Error(`${name} states no licence`);
    return `${name} ${about.version} (${about.license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
  });
  const outlines = "Outlines of the French departments: made with Natural Earth, public domain.\n";
  return [...texts, outlines].join(`\n${"-".repeat(72)}\n\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
if (!existsSync(join(here, "node_modules"))) throw new Error("Run npm ci first.");
const results = await Promise.all([
  esbuild.build({ ...shared, entryPoints: modules, format: "esm", splitting: true }),
  esbuild.build({ ...shared, entryPoints: ["src/theme.ts"], format: "iife" }),
  esbuild.build({ ...shared, entryPoints: ["src/wasm-worker.ts"], format: "esm", loader: { ".wasm": "file" }, assetNames: "[name]-[hash]" }),
]);
const sheet = (contents) => esbuild.build({
  absWorkingDir: here, bundle: true, minify: true, write: false, target: shared.target, charset: "utf8",
  stdin: { contents, loader: "css", resolveDir: here },
});
const style = await sheet(`@import "./src/style/site.css";\n${palette()}`);
const thing = await sheet(`@import "./src/style/thing.css";\n${palette()}`);
const explorer = await sheet(`@import "./src/style/explorer.css";`);
const manifest = {
  ...written(results),
  "site.css": hashed("site.css", style.outputFiles[0].text),
  "thing.css": hashed("thing.css", thing.outputFiles[0].text),
  "explorer.css": hashed("explorer.css", explorer.outputFiles[0].text),
  "icon.svg": hashed("icon.svg", readFileSync(join(here, "src", "icon.svg"), "utf8")),
  "licences.txt": hashed("licences.txt", licences(results)),
};
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
