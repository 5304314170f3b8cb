import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeployPlan } from "./plan.ts";

/** Writes one wrangler.json per Worker and returns their paths by the Worker's name. */
export async function writeDeployConfigs(
  { workers }: DeployPlan,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (const { worker, config } of workers) {
    await mkdir(join(folder, worker), { recursive: true });
    const path = join(folder, worker, "wrangler.json");
    await writeFile(path, JSON.stringify(config, null, 2));
    paths.set(config.name, path);
  }
  return paths;
}
