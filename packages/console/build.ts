import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Builds the console's static files into `outDir`: one page, one script, one style sheet, nothing from elsewhere. */
export async function buildConsole(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, "src/main.tsx")],
    outfile: join(outDir, "console.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    logLevel: "warning",
  });
  for (const name of ["index.html", "console.css"]) {
    await copyFile(join(import.meta.dirname, "src", name), join(outDir, name));
  }
}
