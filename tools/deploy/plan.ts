import { WORKERS, type WorkerConfig, type WorkerName } from "../workers.ts";
import { configFor, type Environment } from "./environment.ts";

export interface PlannedWorker {
  readonly worker: WorkerName;
  readonly config: WorkerConfig;
}

/** Everything that a deployment needs, in the order of its steps. */
export interface DeployPlan {
  /** Callees before callers. */
  readonly workers: readonly PlannedWorker[];
  readonly databases: readonly string[];
  readonly queues: readonly string[];
  readonly buckets: readonly string[];
}

/** What is to be there for these Workers in this environment. Pure: nothing is asked or changed. */
export function planDeployment(
  configs: Readonly<Record<WorkerName, WorkerConfig>>,
  environment: Environment,
): DeployPlan {
  const workers = WORKERS.map((worker) => ({ worker, config: configFor(configs[worker], environment) }));
  const all = workers.map(({ config }) => config);
  return {
    workers,
    databases: unique(all.flatMap((config) => config.d1_databases.map(({ database_name: name }) => name))),
    queues: unique(
      all.flatMap(({ queues }) => [
        ...queues.producers.map(({ queue }) => queue),
        ...queues.consumers.flatMap(({ queue, dead_letter_queue: dead }) =>
          dead === undefined ? [queue] : [queue, dead],
        ),
      ]),
    ),
    buckets: unique(all.flatMap((config) => config.r2_buckets.map(({ bucket_name: name }) => name))),
  };
}

/** What is wrong with the plan itself: bindings that lead nowhere. Empty when nothing is. */
export function findBrokenBindings({ workers }: DeployPlan): readonly string[] {
  const deployed = new Set<string>();
  const consumed = new Set(workers.flatMap(({ config }) => config.queues.consumers.map(({ queue }) => queue)));
  const problems: string[] = [];
  for (const { config } of workers) {
    const wants = [
      ...config.services.map(({ binding, service }) => [binding, service] as const),
      ...config.durable_objects.bindings.flatMap(({ name, script_name: script }) =>
        script === undefined ? [] : [[name, script] as const],
      ),
    ];
    for (const [binding, target] of wants) {
      if (!deployed.has(target))
        problems.push(`${config.name}: ${binding} needs ${target}, which is not deployed before it`);
    }
    for (const { queue } of config.queues.producers) {
      if (!consumed.has(queue)) problems.push(`${config.name}: nobody consumes the queue ${queue}`);
    }
    deployed.add(config.name);
  }
  return problems;
}

/**
 * Secrets that neither the deployed Workers nor this command bring, by Worker; what is brought is sent
 * along with the Worker.
 */
export function missingSecrets(
  { workers }: DeployPlan,
  present: ReadonlyMap<string, ReadonlySet<string>>,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return workers.flatMap(({ config }) =>
    config.secrets.required
      .filter((name) => (env[name] ?? "") === "" && present.get(config.name)?.has(name) !== true)
      .map((name) => `${name} of ${config.name}`),
  );
}

/** A name of an environment that may be part of a Worker's name. */
export function readEnvironmentName(name: string | undefined): string | null {
  if (name === undefined || name === "production") return null;
  if (!/^[a-z][a-z0-9-]{0,19}$/u.test(name)) {
    throw new Error(`not a name of an environment: ${name} (a-z, 0-9 and "-", at most 20)`);
  }
  return name;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
