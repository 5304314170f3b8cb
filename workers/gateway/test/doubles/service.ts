// A Worker that stands in for the ones behind the gateway. It conforms to their contracts as far as a
// script tells it to: each method answers, fails or hangs as scripted, and remembers how it was called.
// Erasable TypeScript with no imports of its own: vitest.config.ts strips the types and runs it as it is.
import { WorkerEntrypoint } from "cloudflare:workers";

/** What a method does when called. `fail` throws, as a defect or a Worker that is down does. */
export interface Script {
  readonly answer?: unknown;
  readonly hang?: boolean;
  readonly fail?: string;
}

/** What `fetch` answers; `chunks` come `stepMs` apart. */
export interface ProxyScript {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly chunks?: readonly string[];
  readonly stepMs?: number;
  readonly fail?: string;
}

/** By the method; `*` for every other. */
export interface Scripts extends Readonly<Record<string, Script | ProxyScript | undefined>> {
  readonly fetch?: ProxyScript;
}

export interface RecordedCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** All methods of the contracts; RPC finds those on the prototype only, so they are named. */
const METHODS =
  "authenticate register login refresh logout me referralOf jwks createApiKey listApiKeys revokeApiKey getApiKey updateApiKey rotateApiKey reportLeakedKeys " +
  "listSessions revokeSession revokeOtherSessions changePassword forgotPassword resetPassword verifyEmail resendVerification " +
  "getSecondFactor enrolSecondFactor confirmSecondFactor disableSecondFactor renewRecoveryCodes verifySecondFactor startOidcLogin finishOidcLogin listOidcIdentities unlinkOidcIdentity " +
  "beginChange endChange " +
  "listMembers getMember updateMember removeMember listRoles getRole createRole updateRole deleteRole " +
  "createInvitation listInvitations getInvitation revokeInvitation acceptInvitation changeKeyAccess suspendAccount resumeAccount eraseAccount " +
  "company updateCompany closeCompany switchCompany startExport listAuditLog exportAuditLog " +
  "adminListCompanies adminGetCompany adminSuspendCompany adminReactivateCompany adminEraseCompany " +
  "balance transactions listRequests tailRequests getRequest cancelRequest revokeKey grantCredit adminRetellUsage " +
  "listBudgets getBudget createBudget updateBudget deleteBudget lowBalanceAlert setLowBalanceAlert " +
  "listPlans listAllPlans getPlan createPlan updatePlan archivePlan " +
  "subscription subscribe changeSubscription cancelSubscription " +
  "createTopup listPayments getPayment listPaymentMethods addPaymentMethod removePaymentMethod openPortal " +
  "autoTopup setAutoTopup refundPayment setFxRate receiveStripeEvent attributeReferral referrals " +
  "listStatements getStatement exportStatement stripeFindings reconcileStripe " +
  "providerFindings reconcileProviders ledgerFindings reconcileLedger auditAccount unfreezeAccount restoreLedger rerate listMarkupOverrides setMarkupOverride deleteMarkupOverride " +
  "listModels getModel listProviders getProvider createProvider updateProvider deleteProvider " +
  "listCatalogueModels getCatalogueModel createModel updateModel deleteModel " +
  "getProviderPreferences setProviderPreferences listProviderCredentials getProviderCredential createProviderCredential " +
  "updateProviderCredential deleteProviderCredential " +
  "adminHealth adminResetHealth providerCircuits listModelAliases getModelAlias setModelAlias deleteModelAlias explainRouting listRoutingRules setRoutingRule deleteRoutingRule " +
  "usage usageCsv usageSummary adminUsage adminUsageSummary adminProviderLeague adminDeadLetters adminReplayDeadLetter adminForgetUsage providerStatus " +
  "contentPolicy setContentPolicy eraseContent requestContent " +
  "getPreferences updatePreferences createWebhook listWebhooks getWebhook updateWebhook deleteWebhook " +
  "rotateWebhookSecret testWebhook listWebhookDeliveries getWebhookDelivery replayWebhookDelivery developmentOutbox " +
  "metrics health";
/** Longer than any deadline of the gateway in its tests. */
const HANG_MS = 20_000;
const OK: ProxyScript = { status: 200, body: "{}" };

/** What every change asks of auth around its own call: answered unless a script says otherwise. */
const ALWAYS: Readonly<Record<string, Script>> = {
  beginChange: { answer: { ok: true, value: "a-change" } },
  endChange: { answer: { ok: true } },
};

let scripts: Scripts = {};
let calls: RecordedCall[] = [];

export default class Double extends WorkerEntrypoint {
  /** Replaces what each method does and forgets the calls. */
  script(next: Scripts): void {
    scripts = next;
    calls = [];
  }

  calls(): readonly RecordedCall[] {
    return calls;
  }

  override async fetch(request: Request): Promise<Response> {
    const { fail, chunks, stepMs = 0, body = null, status, headers = {} } = scripts.fetch ?? OK;
    const sent = await request.text();
    const seen = { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body: sent };
    calls.push({ method: "fetch", args: [seen] });
    if (fail !== undefined) throw new Error(fail);
    return new Response(chunks === undefined ? body : inSteps(chunks, stepMs), { status, headers });
  }
}

for (const method of METHODS.split(" ")) {
  Object.defineProperty(Double.prototype, method, { value: (...args: unknown[]) => answer(method, args) });
}

async function answer(method: string, args: readonly unknown[]): Promise<unknown> {
  calls.push({ method, args });
  const script: Script | undefined = scripts[method] ?? ALWAYS[method] ?? scripts["*"];
  if (script === undefined) throw new Error(`${method} is not scripted`);
  if (script.hang === true) await pause(HANG_MS);
  if (script.fail !== undefined) throw new Error(script.fail);
  return script.answer;
}

function inSteps(chunks: readonly string[], stepMs: number): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const write = async () => {
    for (const chunk of chunks) {
      await writer.write(new TextEncoder().encode(chunk));
      await pause(stepMs);
    }
    await writer.close();
  };
  // A reader that leaves early breaks the pipe, which is nobody's failure here.
  write().catch(() => undefined);
  return readable;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
