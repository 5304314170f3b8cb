import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundleWorker } from "../../tools/deploy/bundle-worker.ts";
import type { PlatformClient } from "../../tools/dev/platform-client.ts";
import { prepareDatabases } from "../../tools/dev/prepare-databases.ts";
import { seedDemo, signIn } from "../../tools/dev/seed-demo.ts";
import { seedStatements } from "../../tools/dev/seed-statements.ts";
import { loadInstance, type Instance } from "../../tools/dev/state.ts";
import { writeConfigs } from "../../tools/dev/write-configs.ts";
import { WORKERS, type WorkerName } from "../../tools/workers.ts";
import type { Subject } from "./subject.ts";
import { NO_ASSETS, workerOptions } from "./worker-options.ts";
import { DIRECT_SOCKET, type WorkerOptions } from "./compose-config.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

export interface BenchPlatform extends Subject {
  readonly workerd: Workerd;
  readonly scripts: Scripts;
  /** The paying company's owner, with a session of now. */
  readonly signIn: () => Promise<PlatformClient>;
}

export interface PlatformSetup {
  /** Configurations, bundles and data, all of this run only. */
  readonly folder: string;
  readonly mockPort: number;
  /** More Workers in the same runtime, beside the platform's own. */
  readonly extraWorkers?: readonly WorkerOptions[];
  readonly inspectorPort?: number;
  /** Variables of Workers, by name. */
  readonly env?: Readonly<Record<string, string>>;
  /** More data, by database: statements to run before it starts. */
  readonly data?: Readonly<Record<string, readonly string[]>>;
  /** Bundles made before. */
  readonly scripts?: Scripts;
  /** Changes a Worker's options before it starts; by default they are production's. */
  readonly change?: (worker: WorkerName, options: WorkerOptions) => WorkerOptions;
}

export type Scripts = Readonly<Record<WorkerName, string>>;

const GATEWAY = "aggregator-gateway";

/** Bundles every Worker as a deployment does; the scripts by Worker. */
export async function bundlePlatform(folder: string): Promise<Scripts> {
  const configs = new Map<string, string>(
    WORKERS.map((worker) => [worker, join(folder, "workers", worker, "wrangler.json")]),
  );
  const scripts: [string, string][] = [];
  const todo = [...configs];
  // As many at a time as the machine has processors for.
  const lane = async (): Promise<void> => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      const [worker, config] = next;
      const outFolder = join(folder, "bundles", worker);
      await bundleWorker(config, outFolder);
      scripts.push([worker, await readFile(join(outFolder, "index.js"), "utf8")]);
    }
  };
  await Promise.all([lane(), lane()]);
  return Object.fromEntries(scripts) as Record<WorkerName, string>;
}

/** Writes the configuration of this run: production's, save that providers may be on loopback. */
export async function writeBenchConfigs(
  folder: string,
  instance: Instance,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeConfigs({
    folder: join(folder, "workers"),
    origin: "http://127.0.0.1",
    masterKey: instance.master_key,
    // As deployed, where development keeps every line.
    env: { LOG_SAMPLE_RATE: "0.05", ...env },
  });
}

/** Starts the whole platform from production bundles in one workerd, with its data on disk and a paying company in it. */
export async function startBenchPlatform({
  folder,
  mockPort,
  extraWorkers = [],
  inspectorPort,
  env = {},
  data = {},
  scripts: given,
  change = (_, options) => options,
}: PlatformSetup): Promise<BenchPlatform> {
  const instance = await loadInstance(folder);
  await writeBenchConfigs(folder, instance, env);
  const persistTo = join(folder, "state");
  const [scripts] = await Promise.all([
    given ?? bundlePlatform(folder),
    seedStatements(instance).then((statements) => prepareDatabases(persistTo, withMore(statements, data))),
  ]);
  const workers = await Promise.all(
    WORKERS.map(async (worker) => {
      const config = await readFile(join(folder, "workers", worker, "wrangler.json"), "utf8");
      const options = change(worker, workerOptions(config, scripts[worker]));
      return worker === "gateway" ? { ...options, ...DIRECT_SOCKET } : options;
    }),
  );
  const assets = {
    name: NO_ASSETS,
    modules: true,
    script: "export default { fetch: () => new Response(null, { status: 404 }) }",
    compatibilityDate: "2026-11-02",
  };
  const workerd = await startWorkerd([...workers.toReversed(), assets, ...extraWorkers], {
    folder: persistTo,
    ...(inspectorPort === undefined ? {} : { inspectorPort }),
  });
  const port = workerd.portOf(GATEWAY);
  const origin = `http://127.0.0.1:${port}`;
  const apiKey = await seedDemo(origin, instance, `http://127.0.0.1:${mockPort}/v1`, {});
  await addModels(await signIn(origin, instance.admin));
  return {
    name: "platform",
    port,
    headers: { authorization: `Bearer ${apiKey}` },
    pid: workerd.pid,
    modelPrefix: "bench/",
    workerd,
    scripts,
    signIn: () => signIn(origin, instance.company),
    stop: workerd.stop,
  };
}

function withMore(
  statements: Readonly<Record<string, readonly string[]>>,
  more: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const names = new Set([...Object.keys(statements), ...Object.keys(more)]);
  return Object.fromEntries([...names].map((name) => [name, [...(statements[name] ?? []), ...(more[name] ?? [])]]));
}

/** Cheap enough that a run's credit lasts, priced all the same: every request is charged. */
async function addModels(admin: PlatformClient): Promise<void> {
  for (const name of ["echo", "paced", "flood"]) {
    await admin.expect("POST", "/v1/admin/models", {
      id: `bench/${name}`,
      context_window: 10_000_000,
      max_output_tokens: 4_096,
      endpoints: [{ provider: "sandbox", upstream_model: name, prices: { input: "0.01", output: "0.02" } }],
    });
  }
}
