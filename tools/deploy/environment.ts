import type { WorkerConfig } from "../workers.ts";

/** What distinguishes one deployment of the platform from another in the same account. */
export interface Environment {
  /** null: production. Otherwise part of every name: `aggregator-auth-staging`. */
  readonly name: string | null;
  /** Where this deployment is reached. */
  readonly publicUrl: string;
  /** Databases that exist, by name. */
  readonly databaseIds: ReadonlyMap<string, string>;
}

/** The name of a Worker, database, queue or bucket in an environment. */
export function nameIn(environment: Pick<Environment, "name">, name: string): string {
  return environment.name === null ? name : `${name}-${environment.name}`;
}

/**
 * A Worker's configuration for one environment: every name of it and of what it binds carries the
 * environment's, so that two environments never meet, and databases are named by their ids.
 */
export function configFor(config: WorkerConfig, environment: Environment): WorkerConfig {
  const named = (name: string): string => nameIn(environment, name);
  return {
    ...config,
    name: named(config.name),
    vars: {
      ...config.vars,
      ...("PUBLIC_URL" in config.vars ? { PUBLIC_URL: environment.publicUrl } : {}),
      ...("CONSOLE_URL" in config.vars ? { CONSOLE_URL: `${environment.publicUrl}/console` } : {}),
    },
    services: config.services.map((service) => ({ ...service, service: named(service.service) })),
    d1_databases: config.d1_databases.map((database) => {
      const name = named(database.database_name);
      return { ...database, database_name: name, database_id: environment.databaseIds.get(name) ?? name };
    }),
    r2_buckets: config.r2_buckets.map((bucket) => ({ ...bucket, bucket_name: named(bucket.bucket_name) })),
    durable_objects: {
      bindings: config.durable_objects.bindings.map((binding) =>
        binding.script_name === undefined ? binding : { ...binding, script_name: named(binding.script_name) },
      ),
    },
    queues: {
      producers: config.queues.producers.map((producer) => ({ ...producer, queue: named(producer.queue) })),
      consumers: config.queues.consumers.map((consumer) => ({
        ...consumer,
        queue: named(consumer.queue),
        ...(consumer.dead_letter_queue === undefined ? {} : { dead_letter_queue: named(consumer.dead_letter_queue) }),
      })),
    },
    ...namedWorkflows(config, named),
  };
}

/** Workflows are named across an account too. */
function namedWorkflows(config: WorkerConfig, named: (name: string) => string): { readonly workflows?: unknown } {
  const workflows = config["workflows"];
  if (!Array.isArray(workflows)) return {};
  return {
    workflows: (workflows as { readonly name: string }[]).map((workflow) => ({
      ...workflow,
      name: named(workflow.name),
    })),
  };
}
