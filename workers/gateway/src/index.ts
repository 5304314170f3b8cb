import { buildApp } from "./app.ts";
import { endpointOf, serveInference } from "./data-plane/serve-inference.ts";
import type { Env } from "./env.ts";

const app = buildApp();

/** The only public Worker. Inference takes a short path of its own; everything else goes through the router. */
export default {
  fetch(request, env, ctx) {
    const endpoint = endpointOf(request);
    return endpoint === null ? app.fetch(request, env, ctx) : serveInference(endpoint, request, env, ctx);
  },
} satisfies ExportedHandler<Env>;
