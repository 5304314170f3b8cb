import type { MeView } from "@aggregator/contracts/auth";
import type { Permission } from "@aggregator/contracts/permissions";
import type { ComponentChild } from "preact";
import { ApiKeyPage } from "./pages/api-key.tsx";
import { ApiKeysPage } from "./pages/api-keys.tsx";
import { AuditLogPage } from "./pages/audit-log.tsx";
import { BillingPage } from "./pages/billing.tsx";
import { MembersPage } from "./pages/members.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { ModelsPage } from "./pages/models.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { PlaygroundPage } from "./pages/playground.tsx";
import { RequestPage } from "./pages/request.tsx";
import { RequestsPage } from "./pages/requests.tsx";
import { RoutingPage } from "./pages/routing.tsx";
import { SettingsPage } from "./pages/settings.tsx";
import { StatementPage } from "./pages/statement.tsx";
import { WebhookPage } from "./pages/webhook.tsx";
import { WebhooksPage } from "./pages/webhooks.tsx";
import { match } from "./router.ts";

interface NavigationEntry {
  readonly to: string;
  readonly label: string;
  /** Who lacks it does not see the entry. */
  readonly needs?: Permission | "platform_admin";
}

export const NAVIGATION: readonly NavigationEntry[] = [
  { to: "/", label: "Overview" },
  { to: "/keys", label: "API keys", needs: "api_keys:read" },
  { to: "/requests", label: "Requests", needs: "requests:read" },
  { to: "/playground", label: "Playground", needs: "api_keys:manage" },
  { to: "/models", label: "Models" },
  { to: "/billing", label: "Billing", needs: "billing:read" },
  { to: "/routing", label: "Routing", needs: "provider_preferences:read" },
  { to: "/webhooks", label: "Webhooks", needs: "webhooks:read" },
  { to: "/members", label: "Members", needs: "members:read" },
  { to: "/audit-log", label: "Audit log", needs: "audit_log:read" },
  { to: "/settings", label: "Settings" },
];

type Parts = Readonly<Record<string, string>>;
type Route = readonly [pattern: string, render: (parts: Parts) => ComponentChild];

const ROUTES: readonly Route[] = [
  ["/", () => <OverviewPage />],
  ["/keys", () => <ApiKeysPage />],
  ["/keys/:id", ({ id = "" }) => <ApiKeyPage key={id} id={id} />],
  ["/requests", () => <RequestsPage />],
  ["/requests/:id", ({ id = "" }) => <RequestPage key={id} id={id} />],
  ["/playground", () => <PlaygroundPage />],
  ["/models", () => <ModelsPage />],
  ["/billing", () => <BillingPage />],
  ["/billing/statements/:month", ({ month = "" }) => <StatementPage key={month} month={month} />],
  ["/routing", () => <RoutingPage />],
  ["/webhooks", () => <WebhooksPage />],
  ["/webhooks/:id", ({ id = "" }) => <WebhookPage key={id} id={id} />],
  ["/members", () => <MembersPage />],
  ["/audit-log", () => <AuditLogPage />],
  ["/settings", () => <SettingsPage />],
];

/** Whether an entry is for this person. */
export function isAllowed({ needs }: NavigationEntry, me: MeView): boolean {
  if (needs === undefined) return true;
  return needs === "platform_admin" ? me.platform_admin : me.permissions.includes(needs);
}

/** The page at a path of the console. */
export function pageOf(path: string): ComponentChild {
  for (const [pattern, render] of ROUTES) {
    const parts = match(pattern, path);
    if (parts !== null) return render(parts);
  }
  return <MissingPage />;
}
