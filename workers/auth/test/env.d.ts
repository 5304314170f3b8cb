import type { D1Migration } from "cloudflare:test";
import type AuthWorker from "../src/index.ts";
import type { Env as WorkerEnv } from "../src/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
      /** Signs as GitHub does. */
      readonly TEST_GITHUB_JWK: string;
      readonly NOTICES_SINK: { all(): Promise<readonly unknown[]> };
    }
    interface GlobalProps {
      mainModule: { default: typeof AuthWorker };
    }
  }
}
