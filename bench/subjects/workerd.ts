import { execFileSync, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { serializeConfig } from "miniflare";
import { composeConfig, type WorkerOptions } from "./compose-config.ts";

export interface Workerd {
  readonly pid: number;
  /** From the start of the process until its sockets listened. */
  readonly startMs: number;
  /** The port of a Worker that has a socket. */
  portOf(worker: string): number;
  readonly stop: () => Promise<void>;
}

export interface WorkerdOptions {
  /** Data, and what the Workers print. */
  readonly folder: string;
  /** Where a profiler may attach. */
  readonly inspectorPort?: number;
}

/** Runs Workers in one plain `workerd serve`: one process, one thread for JavaScript, no development server. */
export async function startWorkerd(
  workers: readonly WorkerOptions[],
  { folder, inspectorPort }: WorkerdOptions,
): Promise<Workerd> {
  await mkdir(folder, { recursive: true });
  const config = serializeConfig(await composeConfig(workers, folder));
  const log = openSync(join(folder, "workerd.log"), "a");
  const startedAtMs = performance.now();
  const child = spawn(
    workerdPath(),
    [
      "serve",
      "--binary",
      "--experimental",
      "--control-fd=3",
      // Where simulators report to a development server; there is none.
      "--external-addr=loopback=127.0.0.1:9",
      ...(inspectorPort === undefined ? [] : [`--inspector-addr=127.0.0.1:${inspectorPort}`]),
      "-",
    ],
    { stdio: ["pipe", log, log, "pipe"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const [stdin, , , control] = child.stdio;
  stdin?.end(config);
  const wanted = workers.filter((worker) => "unsafeDirectSockets" in worker).map(({ name }) => name);
  const ports = await Promise.race([readPorts(control as Readable, wanted), ended]);
  if (ports === undefined) throw new Error(`workerd ended; see ${join(folder, "workerd.log")}`);
  return {
    pid: child.pid ?? 0,
    startMs: performance.now() - startedAtMs,
    portOf: (worker) => ports.get(worker) ?? 0,
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** workerd tells on its control pipe where each socket listens. */
async function readPorts(
  control: Readable,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, number> | undefined> {
  const ports = new Map<string, number>();
  for await (const line of createInterface({ input: control })) {
    const message = JSON.parse(line) as { event: string; socket?: string; port?: number };
    if (message.socket !== undefined) ports.set(message.socket.replace("core:user:", ""), message.port ?? 0);
    if (wanted.every((name) => ports.has(name))) return ports;
  }
  return undefined;
}

/** As the program itself says. */
export function workerdVersion(): string {
  return execFileSync(workerdPath(), ["--version"], { encoding: "utf8" }).trim();
}

function workerdPath(): string {
  const require = createRequire(createRequire(import.meta.url).resolve("miniflare"));
  const path: unknown = require("workerd");
  if (typeof path === "object" && path !== null && "default" in path && typeof path.default === "string")
    return path.default;
  throw new Error("workerd's program is not where its package says");
}
