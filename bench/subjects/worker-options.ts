import { z } from "zod";
import type { WorkerOptions } from "./compose-config.ts";

/** What a Worker's wrangler.json says, as far as the local runtime needs it. */
const WranglerConfig = z.object({
  name: z.string(),
  compatibility_date: z.string(),
  compatibility_flags: z.array(z.string()),
  vars: z.record(z.string(), z.string()),
  services: z.array(z.object({ binding: z.string(), service: z.string(), entrypoint: z.string().optional() })),
  d1_databases: z.array(z.object({ binding: z.string(), database_id: z.string() })),
  r2_buckets: z.array(z.object({ binding: z.string(), bucket_name: z.string() })),
  durable_objects: z.object({
    bindings: z.array(z.object({ name: z.string(), class_name: z.string(), script_name: z.string().optional() })),
  }),
  queues: z.object({
    producers: z.array(z.object({ binding: z.string(), queue: z.string() })),
    consumers: z.array(
      z.object({
        queue: z.string(),
        max_batch_size: z.number(),
        max_batch_timeout: z.number(),
        max_retries: z.number(),
        dead_letter_queue: z.string().optional(),
      }),
    ),
  }),
  workflows: z.array(z.object({ name: z.string(), binding: z.string(), class_name: z.string() })).default([]),
  send_email: z.array(z.object({ name: z.string() })).default([]),
  analytics_engine_datasets: z.array(z.object({ binding: z.string(), dataset: z.string() })).default([]),
  assets: z.object({ binding: z.string() }).optional(),
});

/** The name of the Worker that stands in for the console's files, which no measurement asks for. */
export const NO_ASSETS = "no-assets";

/** A Worker's own configuration with its production bundle, as the local runtime takes it. */
export function workerOptions(wranglerJson: string, script: string): WorkerOptions {
  const config = WranglerConfig.parse(JSON.parse(wranglerJson));
  return {
    name: config.name,
    modules: true,
    script,
    compatibilityDate: config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    bindings: config.vars,
    serviceBindings: Object.fromEntries([
      ...config.services.map(({ binding, service, entrypoint }) => [
        binding,
        entrypoint === undefined ? service : { name: service, entrypoint },
      ]),
      ...(config.assets === undefined ? [] : [[config.assets.binding, NO_ASSETS]]),
    ]),
    d1Databases: byBinding(config.d1_databases, ({ database_id: id }) => id),
    r2Buckets: byBinding(config.r2_buckets, ({ bucket_name: name }) => name),
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name: className, script_name: scriptName }) => [
        name,
        { className, useSQLite: true, ...(scriptName === undefined ? {} : { scriptName }) },
      ]),
    ),
    queueProducers: byBinding(config.queues.producers, ({ queue }) => ({ queueName: queue })),
    queueConsumers: Object.fromEntries(
      config.queues.consumers.map((consumer) => [
        consumer.queue,
        {
          maxBatchSize: consumer.max_batch_size,
          maxBatchTimeout: consumer.max_batch_timeout,
          maxRetries: consumer.max_retries,
          ...(consumer.dead_letter_queue === undefined ? {} : { deadLetterQueue: consumer.dead_letter_queue }),
        },
      ]),
    ),
    workflows: byBinding(config.workflows, ({ name, class_name: className }) => ({ name, className })),
    email: { send_email: config.send_email },
    analyticsEngineDatasets: byBinding(config.analytics_engine_datasets, ({ dataset }) => ({ dataset })),
  };
}

function byBinding<Item extends { readonly binding: string }, Value>(
  items: readonly Item[],
  valueOf: (item: Item) => Value,
): Record<string, Value> {
  return Object.fromEntries(items.map((item) => [item.binding, valueOf(item)]));
}
