import { fork } from "node:child_process";
import { join } from "node:path";

export interface MockProvider {
  readonly port: number;
  readonly pid: number;
  stop(): void;
}

/** Starts the mock provider in a process of its own. */
export async function startMock(): Promise<MockProvider> {
  const child = fork(join(import.meta.dirname, "provider-process.ts"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", () => reject(new Error("the mock provider ended")));
  });
  return { port, pid: child.pid ?? 0, stop: () => void child.kill() };
}
