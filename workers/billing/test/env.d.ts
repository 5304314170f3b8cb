import type { D1Migration } from "cloudflare:test";
import type { Env as WorkerEnv } from "../src/env.ts";
import type * as Billing from "../src/index.ts";

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
      /** Of the long runs in `test/soak`. */
      readonly SOAK_SEED: string;
      readonly SOAK_SEQUENCES: string;
    }
    interface GlobalProps {
      mainModule: typeof Billing;
    }
  }
}
