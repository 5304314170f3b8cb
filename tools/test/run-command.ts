import { spawn } from "node:child_process";
import { ROOT } from "../workers.ts";

export interface Ran {
  readonly ok: boolean;
  /** Both streams, in the order in which they came. */
  readonly output: string;
}

/** Runs a program of the workspace from its root. `live`: the terminal sees it at once, and `output` is empty. */
export function runCommand(command: string, args: readonly string[], { live = false } = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: live ? "inherit" : ["ignore", "pipe", "pipe"] });
    const parts: Buffer[] = [];
    child.stdout?.on("data", (part: Buffer) => parts.push(part));
    child.stderr?.on("data", (part: Buffer) => parts.push(part));
    child.once("error", reject);
    child.once("close", (code) => resolve({ ok: code === 0, output: Buffer.concat(parts).toString("utf8") }));
  });
}
