import type { ProviderState, ProviderStatusView } from "@aggregator/contracts/analytics";
import type { ProviderCircuitView } from "@aggregator/contracts/provider-health";
import { createRoute } from "@hono/zod-openapi";
import { html } from "hono/html";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { platformStatus } from "../http/platform-status.ts";
import { json } from "../http/respond.ts";
import { errors, json as jsonAnswer } from "../openapi/responses.ts";
import { PlatformStatus, type PlatformStatusBody } from "../schemas/status.ts";

const getStatus = createRoute({
  method: "get",
  path: "/status.json",
  operationId: "getStatus",
  tags: ["Platform"],
  summary: "Status of the platform and its providers",
  description: "Public, at most 15 s old. `/status` shows the same to people.",
  responses: { 200: jsonAnswer(PlatformStatus, "The status."), ...errors },
});

/** No script, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The public status, as JSON and as a page that needs no script. */
export function mountStatus(app: GatewayApp): void {
  open(app, getStatus, async (c) => json(await platformStatus(c), 200));
  app.get("/status", async (c) =>
    c.html(pageOf(await platformStatus(c)), 200, { "content-security-policy": POLICY, "cache-control": "no-store" }),
  );
}

const OVERALL = {
  operational: "All systems operational",
  degraded: "Some systems are degraded",
  outage: "There is an outage",
} as const;

const STATES: Readonly<Record<ProviderState, string>> = {
  operational: "operational",
  degraded: "degraded",
  down: "down",
  unknown: "not called lately",
};

function pageOf({ status, checked_at: checkedAt, components, providers, circuits }: PlatformStatusBody) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="refresh" content="30" />
        <title>Status: ${OVERALL[status]}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <h1 class="${status}">${OVERALL[status]}</h1>
        <p>Checked at <time datetime="${checkedAt}">${checkedAt}</time>. This page renews itself.</p>
        <h2>Platform</h2>
        <table>
          ${components.map(
            (component) =>
              html`<tr>
                <th scope="row">${component.name}</th>
                <td class="${component.status}">${component.status}</td>
              </tr>`,
          )}
        </table>
        <h2>Providers</h2>
        ${providers.length === 0 ? html`<p>No provider was called in the last 24 hours.</p>` : providerTable(providers)}
        ${circuits.length === 0 ? "" : circuitTable(circuits)}
      </body>
    </html>`;
}

const CIRCUITS: Readonly<Record<ProviderCircuitView["state"], string>> = {
  closed: "closed: all requests",
  open: "open: passed by",
  half_open: "half-open: being tried",
  ramping: "ramping: a share of the requests",
};

function circuitTable(circuits: readonly ProviderCircuitView[]) {
  return html`<h2>Circuits</h2>
    <table>
      ${circuits.map(
        ({ provider, state }) =>
          html`<tr>
            <th scope="row">${provider}</th>
            <td class="${state === "closed" ? "operational" : state === "open" ? "down" : "degraded"}">
              ${CIRCUITS[state]}
            </td>
          </tr>`,
      )}
    </table>`;
}

function providerTable(providers: readonly ProviderStatusView[]) {
  return html`<table>
    ${providers.map(
      ({ provider, status, availability_24h: availability, hours }) =>
        html`<tr>
          <th scope="row">${provider}</th>
          <td class="${status}">${STATES[status]}</td>
          <td>${availability === null ? "" : `${(100 * availability).toFixed(2)} % in 24 h`}</td>
          <td class="hours" role="img" aria-label="${hoursLabel(hours)}">
            ${hours.map((state) => html`<i class="${state}"></i>`)}
          </td>
        </tr>`,
    )}
  </table>`;
}

/** The bar in words. */
function hoursLabel(hours: readonly ProviderState[]): string {
  const count = (state: ProviderState) => hours.filter((hour) => hour === state).length;
  return `Last 24 hours: ${count("operational")} operational, ${count("degraded")} degraded, ${count("down")} down`;
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
  h1 { padding: 1rem; border-radius: .5rem; font-size: 1.25rem; color: #fff; background: #666 }
  h1.operational { background: #176b3a } h1.degraded { background: #8a5a00 } h1.outage { background: #a31621 }
  table { width: 100%; border-collapse: collapse } th { text-align: left; font-weight: 600 } th, td { padding: .5rem .25rem; border-bottom: 1px solid #ddd }
  td.operational { color: #176b3a } td.degraded { color: #8a5a00 } td.down { color: #a31621 } td.unknown { color: #666 }
  .hours { white-space: nowrap } i { display: inline-block; width: 5px; height: 1.2rem; margin-right: 1px; background: #ccc }
  i.operational { background: #2b8a57 } i.degraded { background: #c98a1b } i.down { background: #c2333f }
  @media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } th, td { border-color: #333 }
    td.operational { color: #6fd39b } td.degraded { color: #e6b45c } td.down { color: #ff8a92 } td.unknown { color: #aaa } }
`;
