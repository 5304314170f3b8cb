import type { Permission } from "@aggregator/contracts/permissions";
import type { ComponentChild } from "preact";
import { CataloguePage } from "./pages/admin/catalogue.tsx";
import { CompaniesPage } from "./pages/admin/companies.tsx";
import { CompanyPage } from "./pages/admin/company.tsx";
import { HealthPage } from "./pages/admin/health.tsx";
import { ProvidersPage } from "./pages/admin/providers.tsx";
import { ApiKeyPage } from "./pages/api-key.tsx";
import { ApiKeysPage } from "./pages/api-keys.tsx";
import { AuditLogPage } from "./pages/audit-log.tsx";
import { BillingPage } from "./pages/billing.tsx";
import { OwnCompanyPage } from "./pages/company.tsx";
import { MembersPage } from "./pages/members.tsx";
import { MissingPage } from "./pages/missing.tsx";
import { ModelsPage } from "./pages/models.tsx";
import { NotificationsPage } from "./pages/notifications.tsx";
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

export interface NavigationEntry {
  readonly to: string;
  readonly label: string;
  /** Who lacks it does not see the entry. */
  readonly needs?: Permission;
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
  { to: "/company", label: "Company", needs: "company:read" },
  { to: "/members", label: "Members", needs: "members:read" },
  { to: "/audit-log", label: "Audit log", needs: "audit_log:read" },
  { to: "/notifications", label: "Notifications", needs: "notifications:manage" },
  { to: "/settings", label: "Settings" },
];

/** What only operators of the platform see. */
export const OPERATOR_NAVIGATION: readonly NavigationEntry[] = [
  { to: "/admin/companies", label: "Companies" },
  { to: "/admin/providers", label: "Providers" },
  { to: "/admin/catalogue", label: "Catalogue" },
  { to: "/admin/health", label: "Health" },
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
  ["/company", () => <OwnCompanyPage />],
  ["/members", () => <MembersPage />],
  ["/audit-log", () => <AuditLogPage />],
  ["/notifications", () => <NotificationsPage />],
  ["/settings", () => <SettingsPage />],
  ["/admin/companies", () => <CompaniesPage />],
  ["/admin/companies/:id", ({ id = "" }) => <CompanyPage key={id} id={id} />],
  ["/admin/providers", () => <ProvidersPage />],
  ["/admin/catalogue", () => <CataloguePage />],
  ["/admin/health", () => <HealthPage />],
];

/** The page at a path of the console. */
export function pageOf(path: string): ComponentChild {
  for (const [pattern, render] of ROUTES) {
    const parts = match(pattern, path);
    if (parts !== null) return render(parts);
  }
  return <MissingPage />;
}
