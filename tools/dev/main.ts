/**
 * `pnpm dev`: the whole platform on this machine, with demo data, on PORT (3000). Data is kept in
 * `.wrangler/state` and `.dev`; `--reset` begins anew. Variables of any Worker and providers' keys are
 * taken from the environment (README, "Settings").
 */
import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { ROOT } from "../workers.ts";
import { findStarter, isAlive } from "./find-starter.ts";
import { isPortFree } from "./find-port.ts";
import { startPlatform, type RunningPlatform } from "./start-platform.ts";
import { welcome } from "./welcome.ts";

const STATE_DIR = join(ROOT, ".dev");
const PERSIST_TO = join(ROOT, ".wrangler", "state");
const DEFAULT_PORT = 3000;
const STARTER_POLL_MS = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { reset: { type: "boolean", default: false } } });
  const startedAt = performance.now();
  const port = readPort(process.env["PORT"]);
  if (!(await isPortFree(port))) {
    throw new Error(
      `port ${port} is taken: another program listens there, perhaps an earlier \`pnpm dev\`. Stop it, or choose another port: PORT=${port + 1} npx pnpm@10 dev`,
    );
  }
  if (values.reset)
    await Promise.all([STATE_DIR, PERSIST_TO].map((path) => rm(path, { recursive: true, force: true })));
  stdout.write("Starting the platform …\n");
  const platform = await startPlatform({
    stateDir: STATE_DIR,
    persistTo: PERSIST_TO,
    port,
    env: process.env,
    quiet: process.env["DEV_LOG"] !== "terminal",
  });
  stdout.write(
    welcome({
      origin: `http://localhost:${port}`,
      credentials: platform.credentials,
      credentialsPath: relative(ROOT, platform.credentialsPath),
      logPath: relative(ROOT, join(STATE_DIR, "dev.log")),
      seconds: (performance.now() - startedAt) / 1000,
    }),
  );
  await untilStopped(platform);
}

function readPort(text: string | undefined): number {
  const port = text === undefined || text === "" ? DEFAULT_PORT : Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`PORT must be a whole number from 1 to 65535, not ${JSON.stringify(text)}`);
}

/**
 * Runs until a signal, until whoever started it is gone (`npx`, `pnpm` and two shells stand between a
 * signal and us, and do not all pass it on), or until the Workers' process ends by itself, an error.
 */
async function untilStopped(platform: RunningPlatform): Promise<void> {
  const { promise: asked, resolve: stop } = Promise.withResolvers<"asked">();
  // `on`, not `once`: a second signal must not cut the stopping short.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop("asked"));
  const starter = await findStarter();
  const watch = setInterval(() => isAlive(starter) || stop("asked"), STARTER_POLL_MS);
  const reason = await Promise.race([asked, platform.ended.then(() => "ended" as const)]);
  clearInterval(watch);
  await platform.stop();
  if (reason === "ended") throw new Error(`the Workers ended by themselves; see ${join(STATE_DIR, "dev.log")}`);
}

try {
  await main();
} catch (error) {
  stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
