import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, convertV4MiniflareOptions, kVoid, Log, LogLevel, Miniflare } from "miniflare";

/** The options of one Worker, in the form that the local runtime's own converter takes. */
export type WorkerOptions = Readonly<Record<string, unknown>> & { readonly name: string };

/** The Worker's own HTTP socket. */
export const DIRECT_SOCKET = { unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }] };

/** What only development needs, on nobody's way in production: the entry proxy, its control, fetch interceptors. */
const DEVELOPMENT_ONLY = /^(core:entry|MINIFLARE_DEV_CONTROL|outbound:\d+)$/u;

/**
 * workerd's own configuration for these Workers. Miniflare writes it, for its simulators of D1, queues,
 * the cache and workflows; then what belongs to development is taken out of it: the proxy in front, and
 * the Worker that it puts before every fetch. What remains is what `workerd serve` would be given by hand.
 */
export async function composeConfig(workers: readonly WorkerOptions[], folder: string): Promise<Config> {
  await mkdir(join(folder, "email"), { recursive: true });
  const dumpPath = join(folder, "miniflare.json");
  const options = {
    workers,
    log: new Log(LogLevel.ERROR),
    host: "127.0.0.1",
    port: 0,
    cf: false,
    resourcePersistencePath: join(folder, "v3"),
  };
  // The converter checks the options itself; its input type is a union that plain data does not narrow to.
  const converted = convertV4MiniflareOptions(options as Parameters<typeof convertV4MiniflareOptions>[0]);
  process.env.MINIFLARE_WORKERD_CONFIG_DEBUG = dumpPath;
  const runtime = new Miniflare(converted);
  try {
    await runtime.ready;
  } finally {
    await runtime.dispose();
    delete process.env.MINIFLARE_WORKERD_CONFIG_DEBUG;
  }
  return withoutDevelopment(JSON.parse(await readFile(dumpPath, "utf8")) as Config, folder);
}

function withoutDevelopment(config: Config, folder: string): Config {
  return {
    ...config,
    structuredLogging: false,
    services: (config.services ?? [])
      .filter(({ name }) => !DEVELOPMENT_ONLY.test(name ?? ""))
      .map((service) => {
        if (service.name === "email:store-disk")
          return { ...service, disk: { path: join(folder, "email"), writable: true } };
        if (!("worker" in service) || service.worker === undefined) return service;
        const { containerEngine: _, ...worker } = service.worker;
        const isOurs = service.name?.startsWith("core:user:") === true;
        return {
          ...service,
          worker: {
            ...worker,
            ...(isOurs ? { globalOutbound: { name: "internet" } } : {}),
            // A marker that JSON cannot carry.
            ...(isEmpty(worker.durableObjectStorage) ? { durableObjectStorage: { inMemory: kVoid } } : {}),
          },
        };
      }),
    sockets: (config.sockets ?? [])
      .filter(({ service }) => service?.name?.startsWith("core:user:") === true)
      .map((socket) => ({
        name: socket.service?.name ?? "",
        address: "127.0.0.1:0",
        service: socket.service,
        http: {},
      })),
  } as Config;
}

function isEmpty(value: object | undefined): boolean {
  return value !== undefined && Object.keys(value).length === 0;
}
