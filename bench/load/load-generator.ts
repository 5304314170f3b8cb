import { fork } from "node:child_process";
import { join } from "node:path";
import type { LoadPlan, LoadResult } from "./load.ts";

export interface LoadGenerator {
  /** Runs one stretch of load; rejects when a request of it failed, since what then is measured is refusals. */
  run(plan: LoadPlan): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load generator in a process of its own. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, "generator-process.ts"), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    run: async (plan) => {
      const result = await new Promise<LoadResult>((resolve, reject) => {
        const onExit = (): void => reject(new Error("the load generator ended"));
        child.once("exit", onExit);
        child.once("message", (message: { result?: LoadResult; error?: string }) => {
          child.off("exit", onExit);
          if (message.result === undefined) reject(new Error(message.error ?? "the load generator failed"));
          else resolve(message.result);
        });
        child.send(plan);
      });
      if (result.errors > 0) {
        throw new Error(
          `${result.errors} of ${result.errors + result.requests} requests to port ${plan.port} failed, first with ${result.firstErrorStatus}`,
        );
      }
      return result;
    },
    stop: () => void child.kill(),
  };
}
