import { NO_SUCH_PATH } from "../errors/error-response.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { refuse } from "../http/respond.ts";
import { openApiDocument } from "../openapi/document.ts";

/** Everything from our own origin; Scalar writes style elements, which is all that is allowed inline. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The document, the page that shows it, and the page's assets. */
export function mountDocs(app: GatewayApp): void {
  let document: string | null = null;
  app.get("/openapi.json", (c) => {
    // All routes are mounted by the time of the first request, and none after it.
    document ??= JSON.stringify(openApiDocument(app));
    return c.body(document, 200, { "content-type": "application/json", "cache-control": "public, max-age=300" });
  });
  app.get("/docs", (c) => asset(c, "/docs/index.html"));
  app.get("/docs/:file", (c) => asset(c, c.req.path));
  app.get("/vendor/:file", (c) => asset(c, c.req.path));
  app.get("/", (c) => c.redirect("/docs"));
}

async function asset(c: GatewayContext, path: string): Promise<Response> {
  const found = await c.env.ASSETS.fetch(new URL(path, "https://assets"), { headers: { accept: "*/*" } });
  if (found.status === 404) return refuse(c, NO_SUCH_PATH);
  const answer = new Response(found.body, found);
  answer.headers.set("content-security-policy", DOCS_POLICY);
  return answer;
}
