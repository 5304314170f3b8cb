import { NO_SUCH_PATH } from "../errors/error-response.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { refuse } from "../http/respond.ts";

/** Our own script, style and API, nothing inline and nothing from elsewhere; no text ever becomes markup. */
const CONSOLE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** Their names are made of their contents. */
const FOREVER = "public, max-age=31536000, immutable";

/** The web console: one page at every path below it, which finds out itself what to show. */
export function mountConsole(app: GatewayApp): void {
  app.get("/console/assets/:file", (c) => serve(c, c.req.path, FOREVER));
  app.get("/console", (c) => serve(c, "/console/index.html", "no-cache"));
  app.get("/console/*", (c) => serve(c, "/console/index.html", "no-cache"));
}

async function serve(c: GatewayContext, path: string, caching: string): Promise<Response> {
  const found = await c.env.ASSETS.fetch(new URL(path, "https://assets"), { headers: { accept: "*/*" } });
  if (!found.ok) return refuse(c, NO_SUCH_PATH);
  const answer = new Response(found.body, found);
  answer.headers.set("content-security-policy", CONSOLE_POLICY);
  answer.headers.set("cache-control", caching);
  return answer;
}
