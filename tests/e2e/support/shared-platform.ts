import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_BODY_BYTES } from "./limits.ts";
import { startTraceFile } from "./trace-file.ts";
import { startPlatform } from "../../../tools/dev/start-platform.ts";

/**
 * Starts the platform that all files share, save those that break it. PLATFORM_CREDENTIALS names one that
 * runs already.
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env.PLATFORM_CREDENTIALS !== undefined) return async () => undefined;
  const stateDir = await mkdtemp(join(tmpdir(), "aggregator-e2e-"));
  const traces = await startTraceFile(join(stateDir, "traces.jsonl"));
  const platform = await startPlatform({
    stateDir,
    env: {
      MAX_BODY_BYTES: String(MAX_BODY_BYTES),
      OUTBOX_FLUSH_MS: "200",
      // Providers that tripped are back soon.
      HEALTH_OPEN_MS: "2000",
      HEALTH_RAMP_STEP_MS: "1000",
      OTLP_ENDPOINT: traces.url,
      OTLP_INTERVAL_MS: "200",
    },
    quiet: true,
  });
  process.env.PLATFORM_CREDENTIALS = platform.credentialsPath;
  return async () => {
    await platform.stop();
    await traces.stop();
    await rm(stateDir, { recursive: true, force: true });
  };
}
