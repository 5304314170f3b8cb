import { buildConsole } from "@aggregator/console/build";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

// By path: the package exports neither its bundle nor its package.json.
const SCALAR = join(import.meta.dirname, "../node_modules/@scalar/api-reference");
const PUBLIC = join(import.meta.dirname, "../public");
const VENDOR = join(PUBLIC, "vendor");

/**
 * Puts what the gateway serves where it serves it from: Scalar's self-contained bundle out of the installed
 * package, so that /docs needs no CDN and no network, and the console. Run by dev, test and deploy; does
 * nothing twice.
 */
export async function prepareAssets(): Promise<void> {
  await mkdir(VENDOR, { recursive: true });
  await Promise.all([
    copyFile(join(SCALAR, "dist/browser/standalone.js"), join(VENDOR, "scalar.js")),
    buildConsole(join(PUBLIC, "console")),
  ]);
}

if (process.argv[1] === import.meta.filename) await prepareAssets();
