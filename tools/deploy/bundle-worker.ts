import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../workers.ts";

export interface Ran {
  readonly exitCode: number;
  /** What the command printed, both streams in order of arrival. */
  readonly output: string;
  readonly stdout: string;
}

/** Runs a program to its end. A program that cannot be started throws. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: Readonly<Record<string, string | undefined>>;
  },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    });
    const pieces: string[] = [];
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => pieces.push(text));
    }
    child.stdout.on("data", (text: string) => printed.push(text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ exitCode: code ?? 1, output: pieces.join(""), stdout: printed.join("") }));
  });
}

/**
 * Bundles one Worker exactly as a deployment does, into `outFolder` (its `index.js`), without an account.
 * Throws with wrangler's words when it cannot.
 */
export async function bundleWorker(configPath: string, outFolder: string): Promise<string> {
  const wrangler = join(ROOT, "node_modules", "wrangler", "bin", "wrangler.js");
  const args = ["deploy", "--dry-run", "--outdir", outFolder, "-c", configPath];
  const { exitCode, output } = await runProgram(process.execPath, [wrangler, ...args], {
    cwd: ROOT,
    env: { WRANGLER_SEND_METRICS: "false", FORCE_COLOR: "0" },
  });
  if (exitCode !== 0) throw new Error(`${configPath} cannot be bundled:\n${output}`);
  return output;
}
