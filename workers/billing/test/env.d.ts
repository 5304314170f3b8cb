import type { Env } from "../src/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends BillingEnv {}
  }
}
type BillingEnv = Env;
