import { WorkerEntrypoint } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { AuthApi } from "@aggregator/contracts/auth";
import type { ChangeOutcome, IntendedChange } from "@aggregator/contracts/audit";
import type { CallContext } from "@aggregator/contracts/call-context";
import { newId } from "@aggregator/runtime/new-id";
import { traceparentOf } from "@aggregator/runtime/traceparent";
import type { Env } from "./env.ts";
import { acceptInvitation } from "./operations/accept-invitation.ts";
import { adminEraseCompany } from "./operations/admin-erase-company.ts";
import { adminGetCompany, adminListCompanies } from "./operations/admin-list-companies.ts";
import { adminReactivateCompany, adminSuspendCompany } from "./operations/admin-suspend-company.ts";
import { closeCompany } from "./operations/close-company.ts";
import { getCompany } from "./operations/get-company.ts";
import { exportAuditLog, listAuditLog } from "./operations/list-audit-log.ts";
import { startExport } from "./operations/start-export.ts";
import { switchCompany } from "./operations/switch-company.ts";
import { updateCompany } from "./operations/update-company.ts";
import { authenticate } from "./operations/authenticate.ts";
import { beginChange } from "./operations/begin-change.ts";
import { changePassword } from "./operations/change-password.ts";
import { checkHealth } from "./operations/check-health.ts";
import { confirmSecondFactor } from "./operations/confirm-second-factor.ts";
import { createApiKey } from "./operations/create-api-key.ts";
import { createInvitation } from "./operations/create-invitation.ts";
import { createRole } from "./operations/create-role.ts";
import { deleteRole } from "./operations/delete-role.ts";
import { disableSecondFactor } from "./operations/disable-second-factor.ts";
import { endChange, endLostChanges } from "./operations/end-change.ts";
import { enrolSecondFactor } from "./operations/enrol-second-factor.ts";
import { findReferral } from "./operations/find-referral.ts";
import { finishOidcLogin } from "./operations/finish-oidc-login.ts";
import { forgetEnded } from "./operations/forget-ended.ts";
import { forgotPassword } from "./operations/forgot-password.ts";
import { getApiKey } from "./operations/get-api-key.ts";
import { getInvitation } from "./operations/get-invitation.ts";
import { getJwks } from "./operations/get-jwks.ts";
import { getMe } from "./operations/get-me.ts";
import { getMember } from "./operations/get-member.ts";
import { getRole } from "./operations/get-role.ts";
import { getSecondFactor } from "./operations/get-second-factor.ts";
import { listApiKeys } from "./operations/list-api-keys.ts";
import { listInvitations } from "./operations/list-invitations.ts";
import { listMembers } from "./operations/list-members.ts";
import { listRoles } from "./operations/list-roles.ts";
import { listOidcIdentities } from "./operations/list-oidc-identities.ts";
import { listSessions } from "./operations/list-sessions.ts";
import { logIn } from "./operations/log-in.ts";
import { logOut } from "./operations/log-out.ts";
import { refreshSession } from "./operations/refresh-session.ts";
import { register } from "./operations/register.ts";
import { removeMember } from "./operations/remove-member.ts";
import { renewRecoveryCodes } from "./operations/renew-recovery-codes.ts";
import { reportLeakedKeys } from "./operations/report-leaked-keys.ts";
import { resendVerification } from "./operations/resend-verification.ts";
import { resetPassword } from "./operations/reset-password.ts";
import { revokeApiKey } from "./operations/revoke-api-key.ts";
import { revokeInvitation } from "./operations/revoke-invitation.ts";
import { revokeOtherSessions } from "./operations/revoke-other-sessions.ts";
import { revokeSession } from "./operations/revoke-session.ts";
import { rotateApiKey } from "./operations/rotate-api-key.ts";
import { rotateSigningKeys } from "./operations/rotate-signing-keys.ts";
import { startOidcLogin } from "./operations/start-oidc-login.ts";
import { tellContacts } from "./operations/tell-contacts.ts";
import { unlinkOidcIdentity } from "./operations/unlink-oidc-identity.ts";
import { updateApiKey } from "./operations/update-api-key.ts";
import { updateMember } from "./operations/update-member.ts";
import { updateRole } from "./operations/update-role.ts";
import { verifyEmail } from "./operations/verify-email.ts";
import { verifySecondFactor } from "./operations/verify-second-factor.ts";
import { serve, type Operation } from "./serve.ts";

export { AttemptLimiter } from "./attempts/attempt-limiter.ts";

/** Accounts and identity; see `AuthApi` for what each method guarantees. */
export default class AuthWorker extends WorkerEntrypoint<Env> implements AuthApi {
  authenticate(context: CallContext, credential: string) {
    return this.#serve(context, "authenticate", (call) => authenticate(call, credential));
  }
  register(context: CallContext, input: unknown) {
    return this.#serve(context, "register", (call) => register(call, input));
  }
  login(context: CallContext, input: unknown) {
    return this.#serve(context, "login", (call) => logIn(call, input));
  }
  refresh(context: CallContext, input: unknown) {
    return this.#serve(context, "refresh", (call) => refreshSession(call, input));
  }
  logout(context: CallContext, actor: Actor, credential: string) {
    return this.#serve(context, "logout", (call) => logOut(call, actor, credential));
  }
  me(context: CallContext, actor: Actor) {
    return this.#serve(context, "me", (call) => getMe(call, actor));
  }
  referralOf(context: CallContext, companyId: string) {
    return this.#serve(context, "referralOf", (call) => findReferral(call, companyId));
  }
  jwks(context: CallContext) {
    return this.#serve(context, "jwks", getJwks);
  }
  createApiKey(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createApiKey", (call) => createApiKey(call, actor, input));
  }
  listApiKeys(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listApiKeys", (call) => listApiKeys(call, actor, query));
  }
  revokeApiKey(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "revokeApiKey", (call) => revokeApiKey(call, actor, id));
  }
  getApiKey(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getApiKey", (call) => getApiKey(call, actor, id));
  }
  updateApiKey(context: CallContext, actor: Actor, id: string, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "updateApiKey", (call) => updateApiKey(call, actor, id, input, ifMatch));
  }
  rotateApiKey(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "rotateApiKey", (call) => rotateApiKey(call, actor, id, input));
  }
  reportLeakedKeys(context: CallContext, report: Parameters<AuthApi["reportLeakedKeys"]>[1]) {
    return this.#serve(context, "reportLeakedKeys", (call) => reportLeakedKeys(call, report));
  }
  listMembers(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listMembers", (call) => listMembers(call, actor, query));
  }
  getMember(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getMember", (call) => getMember(call, actor, id));
  }
  updateMember(context: CallContext, actor: Actor, id: string, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "updateMember", (call) => updateMember(call, actor, id, input, ifMatch));
  }
  removeMember(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "removeMember", (call) => removeMember(call, actor, id));
  }
  listRoles(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listRoles", (call) => listRoles(call, actor, query));
  }
  getRole(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getRole", (call) => getRole(call, actor, id));
  }
  createRole(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createRole", (call) => createRole(call, actor, input));
  }
  updateRole(context: CallContext, actor: Actor, id: string, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "updateRole", (call) => updateRole(call, actor, id, input, ifMatch));
  }
  deleteRole(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "deleteRole", (call) => deleteRole(call, actor, id));
  }
  createInvitation(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "createInvitation", (call) => createInvitation(call, actor, input));
  }
  listInvitations(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listInvitations", (call) => listInvitations(call, actor, query));
  }
  getInvitation(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "getInvitation", (call) => getInvitation(call, actor, id));
  }
  revokeInvitation(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "revokeInvitation", (call) => revokeInvitation(call, actor, id));
  }
  acceptInvitation(context: CallContext, input: unknown) {
    return this.#serve(context, "acceptInvitation", (call) => acceptInvitation(call, input));
  }
  company(context: CallContext, actor: Actor) {
    return this.#serve(context, "company", (call) => getCompany(call, actor));
  }
  updateCompany(context: CallContext, actor: Actor, input: unknown, ifMatch: string | null) {
    return this.#serve(context, "updateCompany", (call) => updateCompany(call, actor, input, ifMatch));
  }
  closeCompany(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "closeCompany", (call) => closeCompany(call, actor, input));
  }
  switchCompany(context: CallContext, actor: Actor, credential: string, input: unknown) {
    return this.#serve(context, "switchCompany", (call) => switchCompany(call, actor, credential, input));
  }
  startExport(context: CallContext, actor: Actor) {
    return this.#serve(context, "startExport", (call) => startExport(call, actor));
  }
  beginChange(context: CallContext, actor: Actor, change: IntendedChange) {
    return this.#serve(context, "beginChange", (call) => beginChange(call, actor, change));
  }
  endChange(context: CallContext, id: string, outcome: ChangeOutcome) {
    return this.#serve(context, "endChange", (call) => endChange(call, id, outcome));
  }
  listAuditLog(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listAuditLog", (call) => listAuditLog(call, actor, query));
  }
  exportAuditLog(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "exportAuditLog", (call) => exportAuditLog(call, actor, query));
  }
  adminListCompanies(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "adminListCompanies", (call) => adminListCompanies(call, actor, query));
  }
  adminGetCompany(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "adminGetCompany", (call) => adminGetCompany(call, actor, id));
  }
  adminSuspendCompany(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "adminSuspendCompany", (call) => adminSuspendCompany(call, actor, id, input));
  }
  adminReactivateCompany(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "adminReactivateCompany", (call) => adminReactivateCompany(call, actor, id, input));
  }
  adminEraseCompany(context: CallContext, actor: Actor, id: string, input: unknown) {
    return this.#serve(context, "adminEraseCompany", (call) => adminEraseCompany(call, actor, id, input));
  }
  listSessions(context: CallContext, actor: Actor, credential: string, query: unknown) {
    return this.#serve(context, "listSessions", (call) => listSessions(call, actor, credential, query));
  }
  revokeSession(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "revokeSession", (call) => revokeSession(call, actor, id));
  }
  revokeOtherSessions(context: CallContext, actor: Actor, credential: string) {
    return this.#serve(context, "revokeOtherSessions", (call) => revokeOtherSessions(call, actor, credential));
  }
  changePassword(context: CallContext, actor: Actor, credential: string, input: unknown) {
    return this.#serve(context, "changePassword", (call) => changePassword(call, actor, credential, input));
  }
  forgotPassword(context: CallContext, input: unknown) {
    return this.#serve(context, "forgotPassword", (call) => forgotPassword(call, input));
  }
  resetPassword(context: CallContext, input: unknown) {
    return this.#serve(context, "resetPassword", (call) => resetPassword(call, input));
  }
  verifyEmail(context: CallContext, input: unknown) {
    return this.#serve(context, "verifyEmail", (call) => verifyEmail(call, input));
  }
  resendVerification(context: CallContext, actor: Actor) {
    return this.#serve(context, "resendVerification", (call) => resendVerification(call, actor));
  }
  getSecondFactor(context: CallContext, actor: Actor) {
    return this.#serve(context, "getSecondFactor", (call) => getSecondFactor(call, actor));
  }
  enrolSecondFactor(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "enrolSecondFactor", (call) => enrolSecondFactor(call, actor, input));
  }
  confirmSecondFactor(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "confirmSecondFactor", (call) => confirmSecondFactor(call, actor, input));
  }
  disableSecondFactor(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "disableSecondFactor", (call) => disableSecondFactor(call, actor, input));
  }
  renewRecoveryCodes(context: CallContext, actor: Actor, input: unknown) {
    return this.#serve(context, "renewRecoveryCodes", (call) => renewRecoveryCodes(call, actor, input));
  }
  verifySecondFactor(context: CallContext, input: unknown) {
    return this.#serve(context, "verifySecondFactor", (call) => verifySecondFactor(call, input));
  }
  startOidcLogin(context: CallContext, input: unknown) {
    return this.#serve(context, "startOidcLogin", (call) => startOidcLogin(call, input));
  }
  finishOidcLogin(context: CallContext, input: unknown) {
    return this.#serve(context, "finishOidcLogin", (call) => finishOidcLogin(call, input));
  }
  listOidcIdentities(context: CallContext, actor: Actor, query: unknown) {
    return this.#serve(context, "listOidcIdentities", (call) => listOidcIdentities(call, actor, query));
  }
  unlinkOidcIdentity(context: CallContext, actor: Actor, id: string) {
    return this.#serve(context, "unlinkOidcIdentity", (call) => unlinkOidcIdentity(call, actor, id));
  }
  health(context: CallContext) {
    return this.#serve(context, "health", checkHealth);
  }

  /** Hourly. One that fails is logged, and the others still run. */
  override async scheduled() {
    const context = { requestId: newId(), traceparent: traceparentOf(null) };
    await this.#serve(context, "rotateSigningKeys", rotateSigningKeys);
    await this.#serve(context, "forgetEnded", forgetEnded);
    await this.#serve(context, "endLostChanges", endLostChanges);
    await this.#serve(context, "tellContacts", tellContacts);
  }

  #serve<Value>(context: CallContext, operation: string, run: Operation<Value>) {
    return serve(this.env, this.ctx, context, operation, run);
  }
}
