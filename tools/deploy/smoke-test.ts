import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 1_000;

/**
 * Asks a deployment whether all its Workers are ready, whether it refuses a stranger, and for its document.
 * A new address takes a moment to be known: tried until `timeoutMs`. Rejects with the last answer.
 */
export async function smokeTest(publicUrl: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const problem =
      (await ask(publicUrl, "/health/ready", 200)) ??
      (await ask(publicUrl, "/openapi.json", 200)) ??
      (await ask(publicUrl, "/v1/company", 401));
    if (problem === null) return;
    if (Date.now() >= deadline) throw new Error(problem);
    await sleep(Math.min(PAUSE_MS, Math.max(1, deadline - Date.now())));
  }
}

async function ask(publicUrl: string, path: string, status: number): Promise<string | null> {
  try {
    const response = await fetch(`${publicUrl}${path}`, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    return response.status === status ? null : `${path} answered ${response.status} and not ${status}`;
  } catch (error) {
    return `${path}: ${String(error)}`;
  }
}
