import { ENDPOINTS } from "./endpoints/table.ts";
import { configOf, type Env } from "./env.ts";
import { handleRequest } from "./pipeline/handle-request.ts";

/** The data plane. Only the gateway calls it, by service binding, with the headers of contracts/data-plane. */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    const { pathname } = new URL(request.url);
    const endpoint = ENDPOINTS.get(pathname);
    if (endpoint !== undefined && request.method === "POST") return handleRequest(endpoint, request, env, ctx);
    if (pathname === "/internal/health") {
      configOf(env);
      return new Response(null, { status: 200 });
    }
    return new Response(null, { status: 404 });
  },
} satisfies ExportedHandler<Env>;
