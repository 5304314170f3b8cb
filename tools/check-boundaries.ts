/** Fails on any import or binding that is not in the table of `tools/boundaries/edges.ts`, naming it. */
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stderr } from "node:process";
import { checkBindings } from "./boundaries/check-bindings.ts";
import { checkImports } from "./boundaries/check-imports.ts";
import { EDGES } from "./boundaries/edges.ts";
import { readWorkerConfig, ROOT, WORKERS } from "./workers.ts";

const broken: string[] = [];
for (const worker of WORKERS) broken.push(...checkBindings(worker, await readWorkerConfig(worker), EDGES[worker]));
const files = glob(["{workers,packages}/*/{src,test}/**/*.{ts,tsx}"], {
  cwd: ROOT,
  exclude: (path) => path.includes("node_modules"),
});
for await (const path of files) {
  broken.push(...checkImports({ path, text: await readFile(join(ROOT, path), "utf8") }));
}
for (const line of broken) stderr.write(`${line}\n`);
if (broken.length > 0) process.exitCode = 1;
