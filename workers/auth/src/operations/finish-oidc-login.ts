import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { listCompaniesOf } from "../db/members.ts";
import { takeOneTimeToken } from "../db/one-time-tokens.ts";
import { roleName } from "../domain/company-view.ts";
import { isLoginToken, loginSecretsOf } from "../domain/oidc-login.ts";
import { memberOf } from "../oidc/member-of.ts";
import { openIssuer } from "../oidc/issuer.ts";
import { redeemCode, type Proved } from "../oidc/redeem-code.ts";
import { refusalOf } from "../oidc/refusal.ts";
import { chooseCompany } from "../sessions/choose-company.ts";
import { signIn } from "../sessions/sign-in.ts";
import { NO_ISSUER } from "./start-oidc-login.ts";

const FinishOidcLogin = z.strictObject({
  login_token: z.string().max(128),
  code: z.string().min(1).max(2_048),
  state: z.string().min(1).max(512),
  /** RFC 9207. */
  iss: z.string().max(2_048).optional(),
});
type FinishOidcLogin = z.infer<typeof FinishOidcLogin>;
/** What `startOidcLogin` stored. */
const Started = z.object({ company_id: z.string().nullable() });

const BAD_LOGIN = err("invalid_token", "login_token: is not good, or no longer; start again", { param: "login_token" });

/**
 * Ends a login by the issuer, with what the browser brought back from it. The login's secret is used up,
 * whatever comes of it. `invalid_token` for that, `invalid_credentials` when the issuer did not prove who it
 * is, `email_not_verified`, `permission_denied` for nobody of ours, `company_suspended`, `mfa_required`.
 */
export async function finishOidcLogin(call: Call, input: unknown): Answer<SessionView> {
  if (call.config.OIDC_ISSUER === "") return NO_ISSUER;
  const parsed = parseInput(FinishOidcLogin, input);
  if (!parsed.ok) return parsed;
  const allowed = await limitAttempts(call, null);
  if (!allowed.ok) return allowed;
  const { login_token: loginToken } = parsed.value;
  if (!isLoginToken(loginToken)) return BAD_LOGIN;
  const [taken] = await takeOneTimeToken(call.db, "oidc_login", await sha256Hex(loginToken), call.nowMs);
  if (taken === undefined) return BAD_LOGIN;

  const proved = await prove(call, parsed.value);
  if (!proved.ok) return proved;
  const memberId = await memberOf(call, proved.value);
  if (!memberId.ok) return memberId;
  const { company_id: companyId } = Started.parse(taken.data);
  const joined = chooseCompany(await listCompaniesOf(call.db, memberId.value), companyId ?? undefined);
  if (!joined.ok) return joined;
  const { company, role, customName } = joined.value;
  return signIn(call, memberId.value, company, roleName(role, customName), "oidc");
}

async function prove(
  call: Call,
  { login_token: loginToken, code, state, iss }: FinishOidcLogin,
): Promise<Result<Proved>> {
  try {
    const issuer = await openIssuer(call);
    if (issuer === null) return NO_ISSUER;
    return ok(await redeemCode(issuer, { code, state, iss }, await loginSecretsOf(loginToken)));
  } catch (error) {
    return refusalOf(call, error);
  }
}
