import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { WorkerConfig, WorkerName } from "../workers.ts";
import { ROOT } from "../workers.ts";
import { type Ran, runProgram } from "./bundle-worker.ts";
import type { Environment } from "./environment.ts";
import { findBrokenBindings, missingSecrets, planDeployment } from "./plan.ts";
import { smokeTest } from "./smoke-test.ts";
import { writeDeployConfigs } from "./write-deploy-configs.ts";

export interface Deployment {
  readonly configs: Readonly<Record<WorkerName, WorkerConfig>>;
  readonly environment: Omit<Environment, "databaseIds">;
  /** Secrets by name; the rest is handed to wrangler as it is. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Configurations are written here. */
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly smokeTimeoutMs: number;
}

/** Why a deployment stopped, in words for who ran it. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

const Databases = z.array(z.object({ uuid: z.string(), name: z.string() }));
const Secrets = z.array(z.object({ name: z.string() }));

/**
 * Brings a deployment to the present code: checks secrets, makes what is missing, migrates (additively,
 * so the Workers of the version before go on), deploys callees before callers, and asks the result. Stops at the
 * first failure; every step does nothing where it has been done, so running it again goes on. Throws DeployError.
 */
export async function deploy(deployment: Deployment): Promise<void> {
  const { configs, environment, say, env, folder } = deployment;
  let databaseIds = await listDatabases(deployment);
  const plan = planDeployment(configs, { ...environment, databaseIds });
  const broken = findBrokenBindings(plan);
  if (broken.length > 0) throw new DeployError(`bindings that lead nowhere:\n${broken.join("\n")}`);
  const present = new Map<string, ReadonlySet<string>>();
  for (const { config } of plan.workers) {
    if (config.secrets.required.length > 0) present.set(config.name, await listSecrets(deployment, config.name));
  }
  const missing = missingSecrets(plan, present, env);
  if (missing.length > 0) {
    throw new DeployError(
      `secrets are missing: ${missing.join(", ")}.\nSet them in the environment of this command (a key: openssl rand -base64 32, the same for every Worker that has it, kept for ever) and run it again.`,
    );
  }
  say("✓ secrets");
  for (const name of plan.databases.filter((database) => !databaseIds.has(database))) {
    await wrangler(deployment, `create the database ${name}`, ["d1", "create", name]);
  }
  for (const name of plan.queues)
    await ensure(deployment, "queue", ["queues", "info", name], ["queues", "create", name]);
  for (const name of plan.buckets) {
    await ensure(deployment, "bucket", ["r2", "bucket", "info", name], ["r2", "bucket", "create", name]);
  }
  databaseIds = await listDatabases(deployment);
  const complete = planDeployment(configs, { ...environment, databaseIds });
  const paths = await writeDeployConfigs(complete, folder);
  for (const { config } of complete.workers) {
    for (const { database_name: name } of config.d1_databases) {
      const where = ["-c", paths.get(config.name) ?? ""];
      await wrangler(deployment, `migrate ${name}`, ["d1", "migrations", "apply", name, "--remote", ...where]);
    }
  }
  for (const { config } of complete.workers) await deployWorker(deployment, config, paths.get(config.name) ?? "");
  await smokeTest(environment.publicUrl, deployment.smokeTimeoutMs).catch((error: unknown) => {
    throw new DeployError(
      `everything is deployed, but it does not answer: ${String(error)}. See docs/deploy.md, "Rollback".`,
    );
  });
  say("✓ smoke test");
}

/** Secrets travel in a file that only this user can read and that is gone afterwards. */
async function deployWorker(deployment: Deployment, config: WorkerConfig, path: string): Promise<void> {
  const brought = config.secrets.required.filter((name) => (deployment.env[name] ?? "") !== "");
  const folder = await mkdtemp(join(tmpdir(), "aggregator-deploy-"));
  try {
    const file = join(folder, "secrets.json");
    const secrets = Object.fromEntries(brought.map((name) => [name, deployment.env[name]]));
    await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
    const extra = brought.length === 0 ? [] : ["--secrets-file", file];
    await wrangler(deployment, `deploy ${config.name}`, ["deploy", "-c", path, ...extra]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function listDatabases(deployment: Deployment): Promise<ReadonlyMap<string, string>> {
  const output = await run(deployment, ["d1", "list", "--json"]);
  const parsed = output.exitCode === 0 ? Databases.safeParse(jsonIn(output.stdout)) : null;
  if (parsed?.success !== true) throw failed("list the databases (is this account signed in? wrangler login)", output);
  return new Map(parsed.data.map(({ name, uuid }) => [name, uuid]));
}

/** None of a Worker that is not there yet. */
async function listSecrets(deployment: Deployment, worker: string): Promise<ReadonlySet<string>> {
  const output = await run(deployment, ["secret", "list", "--name", worker, "--format", "json"]);
  const parsed = output.exitCode === 0 ? Secrets.safeParse(jsonIn(output.stdout)) : null;
  return new Set(parsed?.success === true ? parsed.data.map(({ name }) => name) : []);
}

async function ensure(
  deployment: Deployment,
  kind: string,
  look: readonly string[],
  create: readonly string[],
): Promise<void> {
  if ((await run(deployment, look)).exitCode === 0) return;
  await wrangler(deployment, `create the ${kind} ${create.at(-1) ?? ""}`, create);
}

async function wrangler(deployment: Deployment, step: string, args: readonly string[]): Promise<void> {
  const output = await run(deployment, args);
  if (output.exitCode !== 0) throw failed(step, output);
  deployment.say(`✓ ${step}`);
}

function run({ env }: Deployment, args: readonly string[]): Promise<Ran> {
  return runProgram("wrangler", args, {
    cwd: ROOT,
    // Nobody answers questions here: wrangler takes its own defaults.
    env: { ...env, CI: "true", WRANGLER_SEND_METRICS: "false", FORCE_COLOR: "0" },
  });
}

function failed(step: string, { output }: Ran): DeployError {
  return new DeployError(
    `could not ${step}:\n${output.trim().slice(-2_000)}\nPut it right and run the same command again: what is done stays done.`,
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(Math.max(0, text.search(/[[{]/u)))) as unknown;
  } catch {
    return null;
  }
}
