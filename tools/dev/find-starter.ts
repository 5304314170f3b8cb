import { readFile } from "node:fs/promises";

const PACKAGE_RUNNER = /(?:^|\/)(?:npx|npm|pnpm)(?:$|[-@.\s])/u;
const MAX_DEPTH = 10;

/**
 * The process whose end should end us: the outermost `npx` or `pnpm` above this process, between which
 * and us there are shells that pass no signal on; else, and where there is no /proc, our parent.
 */
export async function findStarter(): Promise<number> {
  let starter = process.ppid;
  let pid = process.ppid;
  for (let depth = 0; depth < MAX_DEPTH && pid > 1; depth += 1) {
    const [command, status] = await Promise.all([read(pid, "cmdline"), read(pid, "status")]);
    if (
      command
        .split("\0")
        .slice(0, 2)
        .some((part) => PACKAGE_RUNNER.test(part))
    )
      starter = pid;
    pid = Number(/^PPid:\s*(\d+)/mu.exec(status)?.[1] ?? 0);
  }
  return starter;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function read(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
