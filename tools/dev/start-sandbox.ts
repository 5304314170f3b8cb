import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "../workers.ts";
import { findFreePort, isPortFree } from "./find-port.ts";

export interface Sandbox {
  /** As `base_url` of a provider. */
  readonly baseUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts the sandbox provider on a loopback port, `preferredPort` where it is free. It runs outside the
 * platform, as a provider does: the proxy reaches it by HTTP like any other.
 */
export async function startSandbox(preferredPort: number | null): Promise<Sandbox> {
  const bundle = await build({
    entryPoints: [join(ROOT, "workers", "sandbox", "src", "index.ts")],
    bundle: true,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*", "node:*"],
    write: false,
  });
  const port = preferredPort !== null && (await isPortFree(preferredPort)) ? preferredPort : await findFreePort();
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundle.outputFiles[0]?.text ?? "",
      compatibilityDate: "2026-11-02",
      compatibilityFlags: ["nodejs_compat", "enable_request_signal"],
      host: "127.0.0.1",
      port,
    }),
  );
  await runtime.ready;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, port, stop: () => runtime.dispose() };
}
