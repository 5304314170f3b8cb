import type { z } from "zod";

/**
 * The Worker's checked configuration. Throws, naming each variable that is missing or wrong (and
 * never its value), so that a Worker refuses to start half-configured.
 */
export function parseConfig<Schema extends z.ZodType>(worker: string, schema: Schema, env: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`${worker} is not configured: ${wrong.join("; ")}`);
}

/** Wraps a parser so that it runs once per isolate and environment object. */
export function once<Env extends object, Config>(parse: (env: Env) => Config): (env: Env) => Config {
  const parsed = new WeakMap<Env, Config>();
  return (env) => {
    const known = parsed.get(env);
    if (known !== undefined) return known;
    const config = parse(env);
    parsed.set(env, config);
    return config;
  };
}
