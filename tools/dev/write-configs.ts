import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { readWorkerConfig, ROOT, WORKERS, type WorkerName } from "../workers.ts";

/** What development sets otherwise than production does; the environment of `dev` wins over both. */
const DEVELOPMENT: Partial<Record<WorkerName, Readonly<Record<string, string>>>> = {
  auth: { AUTH_RATE_LIMIT_PER_MINUTE: "600", ALLOW_PRIVATE_UPSTREAMS: "true" },
  orchestrator: { ALLOW_PRIVATE_UPSTREAMS: "true" },
  proxy: { ALLOW_PRIVATE_UPSTREAMS: "true", LOG_SAMPLE_RATE: "1" },
  gateway: { LOG_SAMPLE_RATE: "1" },
  notifications: { ALLOW_PRIVATE_UPSTREAMS: "true", EMAIL_TRANSPORT: "outbox" },
};

export interface InstanceSettings {
  /** Holds this instance's configuration: secrets are in it. */
  readonly folder: string;
  readonly origin: string;
  readonly masterKey: string;
  /** Overrides any variable of any Worker by its name, and brings optional secrets. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Writes one configuration per Worker for one local instance, the gateway's first, and returns their
 * paths. Instances have a configuration each, so that two of them can run beside each other with
 * different settings; everything but the variables is the Worker's own wrangler.toml.
 */
export async function writeConfigs(settings: InstanceSettings): Promise<readonly string[]> {
  const optional = await optionalSecrets();
  const paths = await Promise.all(WORKERS.map((worker) => writeConfig(worker, settings, optional)));
  return paths.toReversed();
}

async function writeConfig(
  worker: WorkerName,
  { folder, origin, masterKey, env }: InstanceSettings,
  optional: Readonly<Record<string, readonly string[]>>,
): Promise<string> {
  const { secrets, vars, ...config } = await readWorkerConfig(worker);
  const known: Record<string, string> = {
    ...vars,
    ...("PUBLIC_URL" in vars ? { PUBLIC_URL: origin } : {}),
    ...("CONSOLE_URL" in vars ? { CONSOLE_URL: `${origin}/console` } : {}),
    ...DEVELOPMENT[worker],
    ...(secrets.required.includes("MASTER_KEY") ? { MASTER_KEY: masterKey } : {}),
    // One key for both in development: it is as secret as the other, and instances made before it need no new one.
    ...(secrets.required.includes("CONTENT_KEY") ? { CONTENT_KEY: masterKey } : {}),
  };
  for (const name of [...Object.keys(known), ...secrets.required, ...(optional[worker] ?? [])]) {
    const given = env[name];
    if (given !== undefined && given !== "") known[name] = given;
  }
  const path = join(folder, worker, "wrangler.json");
  await mkdir(join(folder, worker), { recursive: true, mode: 0o700 });
  await writeFile(path, JSON.stringify({ ...config, vars: known }, null, 2), { mode: 0o600 });
  return path;
}

/** `.dev.vars.example` lists every secret by Worker; those that no wrangler.toml requires are optional. */
async function optionalSecrets(): Promise<Readonly<Record<string, readonly string[]>>> {
  const example = parse(await readFile(join(ROOT, ".dev.vars.example"), "utf8"));
  return Object.fromEntries(
    Object.entries(example).map(([worker, names]) => [worker, Object.keys(names as Record<string, string>)]),
  );
}
