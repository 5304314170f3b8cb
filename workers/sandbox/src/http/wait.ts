/** Waits `ms`, or until the client has left. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}

/** Longer than anyone waits; a promise that never ends would be cancelled by the runtime. */
const FOREVER_MS = 3_600_000;

/** Waits until the client has left. */
export function waitForever(signal: AbortSignal): Promise<void> {
  return wait(FOREVER_MS, signal);
}
