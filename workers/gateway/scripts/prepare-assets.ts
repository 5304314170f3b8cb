import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

// By path: the package exports neither its bundle nor its package.json.
const SCALAR = join(import.meta.dirname, "../node_modules/@scalar/api-reference");
const VENDOR = join(import.meta.dirname, "../public/vendor");

/**
 * Copies Scalar's self-contained bundle out of the installed package to where the gateway serves it, so
 * that /docs needs no CDN and no network. Run by dev, test and deploy; does nothing twice.
 */
export async function prepareAssets(): Promise<void> {
  await mkdir(VENDOR, { recursive: true });
  await copyFile(join(SCALAR, "dist/browser/standalone.js"), join(VENDOR, "scalar.js"));
}

if (process.argv[1] === import.meta.filename) await prepareAssets();
