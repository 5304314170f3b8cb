import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "./bundle-worker.ts";
import { type DeployPlan, findBrokenBindings, type PlannedWorker } from "./plan.ts";
import { DeployError } from "./steps.ts";
import { writeDeployConfigs } from "./write-deploy-configs.ts";

/** Compressed, per Worker: far below Cloudflare's limit, because size is what a cold start costs. */
export const MAX_GZIP_KIB = 420;

export interface BuiltWorker {
  readonly name: string;
  readonly kib: number;
  readonly gzipKib: number;
  readonly bindings: number;
}

/** Builds every Worker as a deployment would, with no account, and checks its size and its bindings. Throws DeployError. */
export async function dryRun(plan: DeployPlan, folder: string): Promise<readonly BuiltWorker[]> {
  const broken = findBrokenBindings(plan);
  if (broken.length > 0) throw new DeployError(`bindings that lead nowhere:\n${broken.join("\n")}`);
  const paths = await writeDeployConfigs(plan, folder);
  const waiting = [...plan.workers];
  const built: BuiltWorker[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      built.push(await build(next, folder, paths.get(next.config.name) ?? ""));
    }
  };
  await Promise.all([lane(), lane()]);
  built.sort((a, b) => a.name.localeCompare(b.name));
  const tooLarge = built.filter(({ gzipKib }) => gzipKib > MAX_GZIP_KIB);
  if (tooLarge.length > 0) {
    const sizes = tooLarge.map(({ name, gzipKib }) => `${name} (${gzipKib.toFixed(0)} KiB)`);
    throw new DeployError(`larger than ${MAX_GZIP_KIB} KiB compressed: ${sizes.join(", ")}`);
  }
  return built;
}

async function build({ worker, config }: PlannedWorker, folder: string, path: string): Promise<BuiltWorker> {
  const outFolder = join(folder, worker, "bundle");
  await bundleWorker(path, outFolder).catch((error: unknown) => {
    throw new DeployError(error instanceof Error ? error.message : String(error));
  });
  const script = await readFile(join(outFolder, "index.js"));
  const bindings =
    config.services.length +
    config.d1_databases.length +
    config.r2_buckets.length +
    config.durable_objects.bindings.length +
    config.queues.producers.length;
  return { name: config.name, kib: script.length / 1_024, gzipKib: gzipSync(script).length / 1_024, bindings };
}

/** The result of a dry run as lines of a table. */
export function showBuilt(built: readonly BuiltWorker[]): string {
  const rows = built.map(({ name, kib, gzipKib, bindings }) =>
    [name.padEnd(34), kib.toFixed(0).padStart(7), gzipKib.toFixed(0).padStart(9), String(bindings).padStart(9)].join(
      " ",
    ),
  );
  return [
    ["Worker".padEnd(34), "KiB".padStart(7), "KiB gzip".padStart(9), "bindings".padStart(9)].join(" "),
    ...rows,
  ].join("\n");
}
