import type { GatewayApp } from "../http/gateway-context.ts";

/** Describes both credential headers; every secured route accepts either. */
export function registerSecuritySchemes(app: GatewayApp): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API key (`ag_live_…`) or an access token of `POST /v1/auth/login`.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "apiKey",
    in: "header",
    name: "x-api-key",
    description: "The same API key, as Anthropic's clients send it.",
  });
}

/** The OpenAPI 3.1 document of all mounted routes. Served from the origin that was asked, so it names no host. */
export function openApiDocument(app: GatewayApp) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "AI aggregator",
      version: "1",
      description:
        "One OpenAI-compatible API over many AI providers, with accounts, keys, prepaid money and analytics. " +
        "Amounts in `*_nano_usd` are integers: 1 USD is 1 000 000 000.",
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "Inference", description: "OpenAI- and Anthropic-compatible. Takes an API key." },
      { name: "Models", description: "What can be called, and at what price." },
      { name: "Sessions", description: "Registering and signing in." },
      { name: "Company", description: "The company, its people and what they may do." },
      { name: "API keys", description: "Credentials for programs." },
      { name: "Routing", description: "Which providers serve the company, and with whose keys." },
      { name: "Billing", description: "The company's money." },
      { name: "Requests", description: "Receipts of single requests." },
      { name: "Usage", description: "Totals over time." },
      { name: "Webhooks", description: "Telling a company's systems." },
      { name: "Notifications", description: "Telling its people." },
      { name: "Admin", description: "For operators of the platform." },
      { name: "Platform", description: "Health and public keys." },
    ],
  });
}
