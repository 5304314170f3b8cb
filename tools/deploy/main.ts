import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepareAssets } from "../../workers/gateway/scripts/prepare-assets.ts";
import { readWorkerConfig, ROOT, type WorkerConfig, type WorkerName, WORKERS } from "../workers.ts";
import { dryRun, showBuilt } from "./dry-run.ts";
import { planDeployment, readEnvironmentName } from "./plan.ts";
import { deploy, DeployError } from "./steps.ts";

/** npx pnpm@10 run deploy [--env staging] [--dry-run]; see docs/deploy.md. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { env: { type: "string" }, "dry-run": { type: "boolean", default: false } },
  });
  const name = readEnvironmentName(values.env);
  const read = await Promise.all(WORKERS.map(async (worker) => [worker, await readWorkerConfig(worker)] as const));
  const configs = Object.fromEntries(read) as Record<WorkerName, WorkerConfig>;
  await prepareAssets();
  if (values["dry-run"]) {
    const environment = { name, publicUrl: "https://example.invalid", databaseIds: new Map<string, string>() };
    const folder = await mkdtemp(join(tmpdir(), "aggregator-dry-run-"));
    console.log(showBuilt(await dryRun(planDeployment(configs, environment), folder)));
    return;
  }
  const publicUrl = process.env.PUBLIC_URL?.replace(/\/+$/u, "") ?? "";
  if (!/^https?:\/\/[^/]+$/u.test(publicUrl)) {
    throw new DeployError("set PUBLIC_URL to where this deployment is reached, such as https://api.example.com");
  }
  const folder = join(ROOT, ".deploy", name ?? "production");
  const say = (line: string): void => console.log(line);
  await deploy({ configs, environment: { name, publicUrl }, env: process.env, folder, say, smokeTimeoutMs: 60_000 });
  console.log(`\n${publicUrl} is deployed.`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? `deploy stopped: ${error.message}` : error);
  process.exitCode = 1;
}
