import type * as Gateway from "../src/index.ts";
import type { Env as GatewayEnv } from "../src/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends GatewayEnv {
      readonly COLLECTOR_URL: string;
    }
    interface GlobalProps {
      mainModule: typeof Gateway;
    }
  }
}
