import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const SOURCE = join(import.meta.dirname, "src");

/**
 * Builds the console's static files into `outDir`: one page that is never cached, and under `assets/` one
 * script, one style sheet and an icon whose names are made of their contents, so that they never change.
 * Nothing comes from elsewhere. Does nothing twice, and may run beside itself.
 */
export async function buildConsole(outDir: string): Promise<void> {
  const assets = join(outDir, "assets");
  await mkdir(assets, { recursive: true });
  const { metafile } = await build({
    entryPoints: ["main.tsx", "console.css", "icon.svg"].map((name) => join(SOURCE, name)),
    outdir: assets,
    entryNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".svg": "copy" },
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  const built = Object.keys(metafile.outputs).map((path) => basename(path));
  let page = await readFile(join(SOURCE, "index.html"), "utf8");
  for (const name of built) page = page.replace(name.replace(/-[A-Z0-9]{8}\./, "."), name);
  await writeFile(join(outDir, "index.html"), page);
  const stale = (await readdir(assets)).filter((name) => !built.includes(name));
  await Promise.all(stale.map((name) => rm(join(assets, name), { force: true })));
}
