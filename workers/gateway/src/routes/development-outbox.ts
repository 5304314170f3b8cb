import type { OutboxEmailView } from "@aggregator/contracts/notifications";
import { html } from "hono/html";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { refuse } from "../http/respond.ts";

/** Nothing runs and nothing is fetched: the page shows e-mails that may come from anybody. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/**
 * `/dev/outbox`: the e-mails that development keeps instead of sending, for a person to read; with
 * `accept: application/json` for tools. Where e-mails are sent there is nothing here (404). Not in the
 * OpenAPI document, since it is no part of the API.
 */
export function mountDevelopmentOutbox(app: GatewayApp): void {
  app.get("/dev/outbox", async (c) => {
    const emails = await call(c, "notifications", (context) => c.env.NOTIFICATIONS.developmentOutbox(context));
    if (!emails.ok) return refuse(c, emails.error);
    if (c.req.header("accept")?.includes("application/json") === true) return c.json({ data: emails.value });
    return c.html(pageOf(emails.value), 200, { "content-security-policy": POLICY, "cache-control": "no-store" });
  });
}

function pageOf(emails: readonly OutboxEmailView[]) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Outbox</title>
        <style>
          body {
            font:
              15px/1.5 system-ui,
              sans-serif;
            max-width: 720px;
            margin: 2rem auto;
          }
          iframe {
            width: 100%;
            height: 22rem;
            border: 1px solid #ccc;
          }
        </style>
      </head>
      <body>
        <h1>Outbox</h1>
        <p>E-mails that development keeps instead of sending, newest first.</p>
        ${emails.map(
          (email) =>
            html`<h2>${email.subject}</h2>
              <p>To ${email.to}, ${email.created_at}</p>
              <iframe sandbox="allow-popups" srcdoc="${email.html}"></iframe>`,
        )}
      </body>
    </html>`;
}
