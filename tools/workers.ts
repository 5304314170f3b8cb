import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";

export const ROOT = resolve(import.meta.dirname, "..");

/** Every Worker that is deployed, callees before callers: the order of deployment. */
export const WORKERS = ["notifications", "analytics", "billing", "orchestrator", "auth", "proxy", "gateway"] as const;
export type WorkerName = (typeof WORKERS)[number];

/** What the tools read of a wrangler.toml; everything else is carried along untouched. */
const WorkerConfig = z.looseObject({
  name: z.string(),
  main: z.string(),
  vars: z.record(z.string(), z.string()).default({}),
  secrets: z.object({ required: z.array(z.string()) }).default({ required: [] }),
  assets: z.looseObject({ directory: z.string() }).optional(),
  services: z.array(z.object({ binding: z.string(), service: z.string() })).default([]),
  d1_databases: z
    .array(
      z.looseObject({
        binding: z.string(),
        database_name: z.string(),
        database_id: z.string(),
        migrations_dir: z.string(),
      }),
    )
    .default([]),
  r2_buckets: z.array(z.looseObject({ binding: z.string(), bucket_name: z.string() })).default([]),
  durable_objects: z
    .object({
      bindings: z.array(
        z.looseObject({ name: z.string(), class_name: z.string(), script_name: z.string().optional() }),
      ),
    })
    .default({ bindings: [] }),
  queues: z
    .object({
      producers: z.array(z.looseObject({ queue: z.string() })).default([]),
      consumers: z.array(z.looseObject({ queue: z.string(), dead_letter_queue: z.string().optional() })).default([]),
    })
    .default({ producers: [], consumers: [] }),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;

/** Path of a Worker's wrangler.toml; the gateway's is at the root. */
export function configPath(worker: string): string {
  return worker === "gateway" ? join(ROOT, "wrangler.toml") : join(ROOT, "workers", worker, "wrangler.toml");
}

/** Reads a Worker's wrangler.toml with its paths made absolute. Throws naming what is wrong in it. */
export async function readWorkerConfig(worker: string): Promise<WorkerConfig> {
  const path = configPath(worker);
  const config = WorkerConfig.parse(parse(await readFile(path, "utf8")));
  const absolute = (relative: string): string => resolve(dirname(path), relative);
  return {
    ...config,
    main: absolute(config.main),
    ...(config.assets === undefined
      ? {}
      : { assets: { ...config.assets, directory: absolute(config.assets.directory) } }),
    d1_databases: config.d1_databases.map((database) => ({
      ...database,
      migrations_dir: absolute(database.migrations_dir),
    })),
  };
}
