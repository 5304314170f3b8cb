import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import type { Statement } from "../db/client.ts";
import { deleteOneTimeTokensOf, insertOneTimeToken } from "../db/one-time-tokens.ts";
import { mailLink, newMailToken } from "../domain/mail-token.ts";
import { noticeOf, tell } from "./tell.ts";

/** What each link leads to and how long it is good. */
const LINKS = {
  email_verification: { page: "verify-email", lifetimeMs: 86_400_000 },
  password_reset: { page: "reset-password", lifetimeMs: 3_600_000 },
} as const;

export interface NewLink {
  /** Stores the link's hash; one of its kind before it is good no more. */
  readonly statements: readonly [Statement, Statement];
  /** Mails it, once it is stored. */
  readonly mail: () => void;
}

/** A link for a member that proves its address. The secret is in the mail and nowhere else. */
export async function makeLink(
  call: Call,
  kind: keyof typeof LINKS,
  member: { readonly id: string; readonly email: string },
): Promise<NewLink> {
  const { page, lifetimeMs } = LINKS[kind];
  const token = newMailToken();
  const row = {
    tokenHash: await sha256Hex(token),
    kind,
    memberId: member.id,
    data: { email: member.email },
    createdAtMs: call.nowMs,
    expiresAtMs: call.nowMs + lifetimeMs,
  };
  const data = {
    to: member.email,
    link: mailLink(call.config.PUBLIC_URL, page, token),
    expires_at_ms: row.expiresAtMs,
  };
  return {
    statements: [deleteOneTimeTokensOf(call.db, member.id, [kind]), insertOneTimeToken(call.db, row)],
    mail: () => tell(call, [noticeOf(call, null, { kind, data })]),
  };
}
