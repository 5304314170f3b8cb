import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findFreePort } from "../../tools/dev/find-port.ts";
import { waitForPort } from "./wait-for-port.ts";
import type { Subject } from "./subject.ts";

/** Portkey's gateway from npm, on Node, as its own command starts it; no accounts, limits or billing. */
export async function startPortkey(mockPort: number): Promise<Subject> {
  const manifest = createRequire(import.meta.url).resolve("@portkey-ai/gateway/package.json");
  const port = await findFreePort();
  const child = spawn(
    process.execPath,
    [join(dirname(manifest), "build", "start-server.js"), "--headless", `--port=${port}`],
    {
      stdio: "ignore",
      env: { ...process.env, NODE_ENV: "production", TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost" },
    },
  );
  await waitForPort(port);
  return {
    name: "portkey",
    port,
    headers: {
      authorization: "Bearer sk-bench",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `http://127.0.0.1:${mockPort}/v1`,
    },
    pid: child.pid ?? 0,
    modelPrefix: "",
    stop: async () => void child.kill("SIGKILL"),
  };
}
