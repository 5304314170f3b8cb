import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { endSession, findSessionByFamily, type FoundSession, rotateRefreshToken } from "../db/sessions.ts";
import { requireActiveCompany } from "../domain/company-state.ts";
import { roleName } from "../domain/company-view.ts";
import { familyOf, newRefreshToken } from "../domain/refresh-token.ts";
import { isSessionInForce, SESSION_IDLE_MS } from "../domain/session.ts";
import { sessionView } from "../sessions/new-session.ts";

const Refresh = z.strictObject({ refresh_token: z.string().min(1).max(512) });

const REFUSED = err("invalid_token", "The refresh token is not valid or its session has ended. Log in again.");

/**
 * Trades a refresh token for the next one and a new access token. Each is good once: a second use, also
 * one at the same time as the first, ends the session for everybody who holds a token of it, since one
 * of them is a thief (RFC 9700, 4.14.2). `invalid_token`, `company_suspended`.
 */
export async function refreshSession(call: Call, input: unknown): Answer<SessionView> {
  const parsed = parseInput(Refresh, input);
  if (!parsed.ok) return parsed;
  const family = familyOf(parsed.value.refresh_token);
  if (family === null) return REFUSED;
  const found = await findSessionByFamily(call.db, await sha256Hex(family));
  if (found === undefined || !found.member.isActive || !isSessionInForce(found.session, call.nowMs)) return REFUSED;

  const isCurrent = (await sha256Hex(parsed.value.refresh_token)) === found.session.refreshHash;
  const next = newRefreshToken(family);
  if (!isCurrent || !(await rotate(call, found, next))) return endFamily(call, found);

  const active = requireActiveCompany(found.company);
  if (!active.ok) return active;
  const role = roleName(found.membership.role, found.custom?.name ?? null);
  const of = { id: found.session.id, memberId: found.member.id };
  return ok(await sessionView(call, of, next, found.company, role));
}

async function rotate(call: Call, { session }: FoundSession, next: string): Promise<boolean> {
  return rotateRefreshToken(call.db, session, {
    refreshHash: await sha256Hex(next),
    refreshedAtMs: call.nowMs,
    idleEndsAtMs: call.nowMs + SESSION_IDLE_MS,
  });
}

async function endFamily(call: Call, { session }: FoundSession): Answer<SessionView> {
  await call.db.batch([
    endSession(call.db, session.id, "reuse", call.nowMs),
    auditIfChanged(call, {
      actor: { kind: "member", companyId: session.companyId, memberId: session.memberId, keyId: null },
      action: "session.ended",
      targetId: session.id,
      after: { reason: "reuse" },
    }),
  ]);
  call.log.warn("refresh_token_reused", {
    request_id: call.context.requestId,
    company_id: session.companyId,
    member_id: session.memberId,
  });
  return REFUSED;
}
