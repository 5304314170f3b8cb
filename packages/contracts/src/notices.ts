import { z } from "zod";

/**
 * What the queue `notices` carries to notifications. Two kinds of message: a notice that somebody
 * should hear of, and the state of a contact, so that notifications knows whom to tell without asking
 * auth. Messages may repeat and arrive in any order.
 */
export const NOTICE_MESSAGE_VERSION = 1;

const Id = z.string().min(1).max(128);
const Email = z.email().max(254);
const Link = z.url({ protocol: /^https?$/ }).max(2_048);
const Text = z.string().max(500);
const Millis = z.number().int().min(0);
const NanoUsd = z.number().int();

/** What a notice of each kind says. */
const NOTICE_DATA = {
  /** To one address, whatever it prefers: the links let somebody in. */
  email_verification: z.object({ to: Email, link: Link, expires_at_ms: Millis }),
  password_reset: z.object({ to: Email, link: Link, expires_at_ms: Millis }),
  invitation: z.object({ to: Email, link: Link, expires_at_ms: Millis, company_name: Text, invited_by: Text }),
  /** To one address: something about its own account changed. */
  security_alert: z.object({ to: Email, event: Text, ip: z.string().max(64).nullable() }),
  /** To the company's members who want it, and to its webhooks. */
  low_balance: z.object({ available_nano_usd: NanoUsd, threshold_nano_usd: NanoUsd }),
  budget_reached: z.object({
    scope: z.enum(["key", "member", "company"]),
    scope_id: Id,
    name: Text,
    period: z.enum(["day", "month", "lifetime"]),
    spent_nano_usd: NanoUsd,
    budget_nano_usd: NanoUsd,
    /** The share of the budget that was crossed, such as 80 or 100. */
    percent: z.number().int().min(1).max(1_000),
  }),
  payment_failed: z.object({ payment_id: Id, amount_nano_usd: NanoUsd, reason: Text }),
  payment_received: z.object({ payment_id: Id, amount_nano_usd: NanoUsd }),
  key_leaked: z.object({ key_id: Id, key_name: Text, source: Text, is_revoked: z.boolean() }),
  statement_ready: z.object({ statement_id: Id, period: Text, total_nano_usd: NanoUsd }),
  /** A company's own credential, or with no company the platform's: then to the operators. */
  credential_quarantined: z.object({ provider: Text, credential_id: Id, reason: Text }),
  /** To the operators. */
  provider_down: z.object({ provider: Text, reason: Text, since_ms: Millis }),
  provider_recovered: z.object({ provider: Text, down_ms: Millis }),
} as const;

export type NoticeKind = keyof typeof NOTICE_DATA;
export const NOTICE_KINDS = [
  "email_verification",
  "password_reset",
  "invitation",
  "security_alert",
  "low_balance",
  "budget_reached",
  "payment_failed",
  "payment_received",
  "key_leaked",
  "statement_ready",
  "credential_quarantined",
  "provider_down",
  "provider_recovered",
] as const satisfies readonly NoticeKind[];

function noticeOf<Kind extends NoticeKind>(kind: Kind) {
  return z.object({
    version: z.literal(NOTICE_MESSAGE_VERSION),
    type: z.literal("notice"),
    /** Chosen by the producer so that the same event has the same id: a repeat is sent once. */
    id: Id,
    kind: z.literal(kind),
    /** null: about the platform, for its operators. */
    company_id: Id.nullable(),
    occurred_at_ms: Millis,
    data: NOTICE_DATA[kind],
  });
}

export const Notice = z.discriminatedUnion("kind", [
  noticeOf("email_verification"),
  noticeOf("password_reset"),
  noticeOf("invitation"),
  noticeOf("security_alert"),
  noticeOf("low_balance"),
  noticeOf("budget_reached"),
  noticeOf("payment_failed"),
  noticeOf("payment_received"),
  noticeOf("key_leaked"),
  noticeOf("statement_ready"),
  noticeOf("credential_quarantined"),
  noticeOf("provider_down"),
  noticeOf("provider_recovered"),
]);
export type Notice = z.infer<typeof Notice>;

/**
 * A member as notifications is to know it now: sent by auth whenever one is added, changed or removed.
 * The highest `revision` wins.
 */
export const ContactState = z.object({
  version: z.literal(NOTICE_MESSAGE_VERSION),
  type: z.literal("contact"),
  company_id: Id,
  member_id: Id,
  /** Grows with every change of the member; the time of the change in ms will do. */
  revision: Millis,
  email: Email,
  /** Built-in role or the name of a custom one. */
  role: z.string().max(64),
  /** False: removed or suspended; hears nothing more. */
  is_active: z.boolean(),
});
export type ContactState = z.infer<typeof ContactState>;

export const NoticeMessage = z.discriminatedUnion("type", [Notice, ContactState]);
export type NoticeMessage = z.infer<typeof NoticeMessage>;
