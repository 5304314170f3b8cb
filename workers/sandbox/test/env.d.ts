import type * as Sandbox from "../src/index.ts";

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof Sandbox;
    }
  }
}
