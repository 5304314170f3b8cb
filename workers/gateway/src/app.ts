import { OpenAPIHono } from "@hono/zod-openapi";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { INTERNAL_ERROR, NO_SUCH_PATH } from "./errors/error-response.ts";
import type { GatewayApp, GatewayContext, GatewayEnv } from "./http/gateway-context.ts";
import { methodsByPath } from "./http/methods-by-path.ts";
import { refuse } from "./http/respond.ts";
import { accessLog } from "./middleware/access-log.ts";
import { crossOrigin } from "./middleware/cors.ts";
import { requestIdentity } from "./middleware/request-identity.ts";
import { registerSecuritySchemes } from "./openapi/document.ts";
import { mountAdminCompanies } from "./routes/admin-companies.ts";
import { mountAdminCredits } from "./routes/admin-credits.ts";
import { mountAdminHealth } from "./routes/admin-health.ts";
import { mountAdminModels } from "./routes/admin-models.ts";
import { mountAdminRouting } from "./routes/admin-routing.ts";
import { mountAdminNotices } from "./routes/admin-notices.ts";
import { mountAdminLedger } from "./routes/admin-ledger.ts";
import { mountAdminPricing } from "./routes/admin-pricing.ts";
import { mountAdminPayments } from "./routes/admin-payments.ts";
import { mountAdminPlans } from "./routes/admin-plans.ts";
import { mountAdminProviderCosts } from "./routes/admin-provider-costs.ts";
import { mountAdminProviders } from "./routes/admin-providers.ts";
import { mountAdminUsage } from "./routes/admin-usage.ts";
import { mountApiKeys } from "./routes/api-keys.ts";
import { mountAuditLog } from "./routes/audit-log.ts";
import { mountAuth } from "./routes/auth.ts";
import { mountBilling } from "./routes/billing.ts";
import { mountBudgets } from "./routes/budgets.ts";
import { mountConsole } from "./routes/console.ts";
import { mountCompany } from "./routes/company.ts";
import { mountContent } from "./routes/content.ts";
import { mountDevelopmentOutbox } from "./routes/development-outbox.ts";
import { mountDocs } from "./routes/docs.ts";
import { mountHealth } from "./routes/health.ts";
import { describeInference } from "./routes/inference.ts";
import { mountInvitations } from "./routes/invitations.ts";
import { mountMetrics } from "./routes/metrics.ts";
import { mountLeakedKeys } from "./routes/leaked-keys.ts";
import { mountMe } from "./routes/me.ts";
import { mountMembers } from "./routes/members.ts";
import { mountModels } from "./routes/models.ts";
import { mountNotificationPreferences } from "./routes/notification-preferences.ts";
import { mountOidc } from "./routes/oidc.ts";
import { mountPasswords } from "./routes/passwords.ts";
import { mountPaymentMethods } from "./routes/payment-methods.ts";
import { mountPayments } from "./routes/payments.ts";
import { mountProviderCredentials } from "./routes/provider-credentials.ts";
import { mountProviderPreferences } from "./routes/provider-preferences.ts";
import { mountRequests } from "./routes/requests.ts";
import { mountRoles } from "./routes/roles.ts";
import { mountSecondFactor } from "./routes/second-factor.ts";
import { mountSessions } from "./routes/sessions.ts";
import { mountStatements } from "./routes/statements.ts";
import { mountStripeWebhook } from "./routes/stripe-webhook.ts";
import { mountSubscription } from "./routes/subscription.ts";
import { mountStatus } from "./routes/status.ts";
import { mountUsage } from "./routes/usage.ts";
import { mountWebhookDeliveries } from "./routes/webhook-deliveries.ts";
import { mountWebhooks } from "./routes/webhooks.ts";
import { mountWellKnown } from "./routes/well-known.ts";

/** The router: middleware in the order they run, then every resource. */
export function buildApp(): GatewayApp {
  const app: GatewayApp = new OpenAPIHono<GatewayEnv>();
  registerSecuritySchemes(app);
  app.use(requestIdentity, accessLog, crossOrigin);

  describeInference(app);
  mountModels(app);
  mountAuth(app);
  mountSessions(app);
  mountPasswords(app);
  mountSecondFactor(app);
  mountOidc(app);
  mountMe(app);
  mountCompany(app);
  mountAuditLog(app);
  mountMembers(app);
  mountInvitations(app);
  mountRoles(app);
  mountApiKeys(app);
  mountLeakedKeys(app);
  mountProviderPreferences(app);
  mountProviderCredentials(app);
  mountBilling(app);
  mountBudgets(app);
  mountSubscription(app);
  mountPayments(app);
  mountPaymentMethods(app);
  mountStatements(app);
  mountRequests(app);
  mountContent(app);
  mountUsage(app);
  mountStripeWebhook(app);
  mountWebhooks(app);
  mountWebhookDeliveries(app);
  mountNotificationPreferences(app);
  mountAdminCompanies(app);
  mountAdminProviders(app);
  mountAdminModels(app);
  mountAdminHealth(app);
  mountAdminRouting(app);
  mountAdminCredits(app);
  mountAdminPlans(app);
  mountAdminLedger(app);
  mountAdminProviderCosts(app);
  mountAdminPricing(app);
  mountAdminPayments(app);
  mountAdminUsage(app);
  mountAdminNotices(app);
  mountHealth(app);
  mountStatus(app);
  mountMetrics(app);
  mountWellKnown(app);
  mountDocs(app);
  mountConsole(app);
  mountDevelopmentOutbox(app);

  const methodsOf = methodsByPath(app);
  app.notFound((c) => answerUnmatched(c, methodsOf(c.req.path)));
  app.onError((error, c) => answerDefect(c, error));
  return app;
}

/** 405 with `allow` for a known path, else 404. */
function answerUnmatched(c: GatewayContext, methods: readonly string[]): Response {
  if (methods.length === 0) return refuse(c, NO_SUCH_PATH);
  const answer = refuse(c, {
    code: "method_not_allowed",
    message: `${c.req.method} is not supported here; use ${methods.join(", ")}.`,
  });
  answer.headers.set("allow", methods.join(", "));
  return answer;
}

/** A defect: its class goes to the log, nothing of it to the client. */
function answerDefect(c: GatewayContext, error: Error): Response {
  c.var.config.logger.error("defect", { ...correlation(c.var.identity.context), ...defectFields(error) });
  return refuse(c, INTERNAL_ERROR);
}
