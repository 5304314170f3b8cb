import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prepareAssets } from "../../workers/gateway/scripts/prepare-assets.ts";
import { ROOT } from "../workers.ts";
import { findFreePort } from "./find-port.ts";
import { prepareDatabases } from "./prepare-databases.ts";
import { seedDemo } from "./seed-demo.ts";
import { seedStatements } from "./seed-statements.ts";
import { startSandbox } from "./start-sandbox.ts";
import { loadInstance, saveCredentials, saveInstance, type Credentials } from "./state.ts";
import { writeConfigs } from "./write-configs.ts";

export interface PlatformOptions {
  /** Holds credentials, configuration, the log and, unless `persistTo` says otherwise, the data. */
  readonly stateDir: string;
  /** A free port of loopback when absent. */
  readonly port?: number;
  readonly persistTo?: string;
  /** Overrides variables of Workers by name; brings providers' keys. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the Workers' log goes: to the terminal, or only to `<stateDir>/dev.log`. */
  readonly quiet?: boolean;
}

export interface RunningPlatform {
  readonly origin: string;
  /** As a client's `base_url`. */
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly credentialsPath: string;
  readonly sandboxUrl: string;
  /** Ends when the Workers' process does, by itself or by `stop` or `kill`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  /** Ends every process at once, as a crash does: nothing is flushed. */
  kill(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

/**
 * Starts every Worker in one `wrangler dev` and the sandbox provider beside it, with migrations applied
 * and demo data there. Data outlives `stop`; two instances with different `stateDir` do not meet.
 */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const { stateDir, persistTo = join(stateDir, "state"), env = {}, quiet = true } = options;
  const port = options.port ?? (await findFreePort());
  const origin = `http://127.0.0.1:${port}`;
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const instance = await loadInstance(stateDir);
  await saveInstance(stateDir, instance);
  const settings = { folder: join(stateDir, "workers"), origin, masterKey: instance.master_key, env };
  const [configs, sandbox] = await Promise.all([
    writeConfigs(settings),
    startSandbox(instance.sandbox_port),
    prepareAssets(),
    prepareDatabases(persistTo, await seedStatements(instance)),
  ]);
  const workers = spawnWrangler(configs, { port, persistTo, stateDir, quiet });
  const ended = hasEnded(workers);
  const endWith = async (signal: NodeJS.Signals): Promise<void> => {
    await Promise.all([endGroup(workers, ended, signal), sandbox.stop()]);
  };
  try {
    await waitUntilReady(origin, ended, stateDir);
    const apiKey = await seedDemo(origin, instance, sandbox.baseUrl, env);
    await saveInstance(stateDir, { ...instance, api_key: apiKey, sandbox_port: sandbox.port });
    const credentials = {
      base_url: `${origin}/v1`,
      api_key: apiKey,
      company: instance.company,
      admin: instance.admin,
    };
    return {
      origin,
      baseUrl: credentials.base_url,
      credentials,
      credentialsPath: await saveCredentials(stateDir, credentials),
      sandboxUrl: sandbox.baseUrl,
      ended,
      stop: () => endWith("SIGTERM"),
      kill: () => endWith("SIGKILL"),
    };
  } catch (error) {
    await endWith("SIGKILL");
    throw error;
  }
}

interface WranglerOptions {
  readonly port: number;
  readonly persistTo: string;
  readonly stateDir: string;
  readonly quiet: boolean;
}

/** A process group of its own, so that workerd ends with it. */
function spawnWrangler(
  configs: readonly string[],
  { port, persistTo, stateDir, quiet }: WranglerOptions,
): ChildProcess {
  const flags = [
    "--ip=127.0.0.1",
    `--port=${port}`,
    `--persist-to=${persistTo}`,
    "--inspector-port=0",
    "--show-interactive-dev-session=false",
  ];
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "run-workers.ts"), ...configs.flatMap((path) => ["-c", path]), ...flags],
    {
      cwd: ROOT,
      detached: true,
      // Its input ends when this process does.
      stdio: ["pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        // Where wrangler lets other instances find Workers of the same name; ours are nobody else's.
        WRANGLER_REGISTRY_PATH: join(stateDir, "registry"),
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_LOG_PATH: join(stateDir, "logs"),
        FORCE_COLOR: "0",
      },
    },
  );
  const log = createWriteStream(join(stateDir, "dev.log"), { flags: "a", mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) {
    stream.pipe(log, { end: false });
    if (!quiet) stream.pipe(process.stdout, { end: false });
  }
  return child;
}

function hasEnded(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

const STOP_TIMEOUT_MS = 5_000;

async function endGroup(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  signalGroup(child, signal);
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
  // wrangler may have gone before its children.
  signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}

async function waitUntilReady(origin: string, ended: Promise<void>, stateDir: string): Promise<void> {
  const state = { hasEnded: false };
  void ended.then(() => (state.hasEnded = true));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last = "no answer";
  while (!state.hasEnded && Date.now() < deadline) {
    const response = await fetch(`${origin}/health/ready`).catch(() => null);
    if (response?.ok === true) return;
    if (response !== null) last = await response.text();
    await sleep(100);
  }
  throw new Error(`the platform did not get ready (${last}); see ${join(stateDir, "dev.log")}`);
}
