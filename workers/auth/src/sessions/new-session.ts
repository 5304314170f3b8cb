import type { SessionView } from "@aggregator/contracts/auth";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import type { CompanyRow } from "../db/companies.ts";
import type { NewSessionRow } from "../db/sessions.ts";
import { companyView } from "../domain/company-view.ts";
import { newFamily, newRefreshToken } from "../domain/refresh-token.ts";
import { SESSION_IDLE_MS, SESSION_MAX_MS } from "../domain/session.ts";
import { ACCESS_TOKEN_SECONDS, signAccessToken } from "../tokens/access-token.ts";

/** A session that is not stored yet: its row for the batch, and the refresh token, which only the client keeps. */
export interface NewSession {
  readonly row: NewSessionRow;
  readonly refreshToken: string;
}

/** Makes a session of a member in a company. */
export async function makeSession(
  call: Call,
  of: Pick<NewSessionRow, "memberId" | "companyId" | "method">,
): Promise<NewSession> {
  const family = newFamily();
  const refreshToken = newRefreshToken(family);
  const row = {
    ...of,
    id: call.newId(),
    familyHash: await sha256Hex(family),
    refreshHash: await sha256Hex(refreshToken),
    ip: call.context.clientIp ?? null,
    createdAtMs: call.nowMs,
    refreshedAtMs: call.nowMs,
    idleEndsAtMs: call.nowMs + SESSION_IDLE_MS,
    endsAtMs: call.nowMs + SESSION_MAX_MS,
  };
  return { row, refreshToken };
}

/** What the client gets: tokens of a stored session, and its company. */
export async function sessionView(
  call: Call,
  session: { readonly id: string; readonly memberId: string },
  refreshToken: string,
  company: CompanyRow,
  role: string,
): Promise<SessionView> {
  return {
    access_token: await signAccessToken(call, session.id, session.memberId),
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    refresh_token: refreshToken,
    company: companyView(company, role),
  };
}
