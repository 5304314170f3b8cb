import type { Notice } from "@aggregator/contracts/notices";
import { formatPrice } from "@aggregator/money/usd-decimal";

/** What an e-mail says, before it has a form. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action: { readonly label: string; readonly url: string } | null;
}

/** The words of each kind of notice. All values are plain text here; the forms escape them. */
export function describeNotice(notice: Notice): Letter {
  switch (notice.kind) {
    case "email_verification":
    case "password_reset":
    case "invitation":
    case "security_alert":
      return describeAccess(notice);
    case "low_balance":
    case "budget_reached":
    case "payment_failed":
    case "payment_received":
    case "statement_ready":
      return describeMoney(notice);
    case "key_leaked":
    case "credential_quarantined":
    case "provider_down":
    case "provider_recovered":
      return describeOperation(notice);
  }
}

type NoticeOf<Kind extends Notice["kind"]> = Extract<Notice, { readonly kind: Kind }>;

function describeAccess(
  notice: NoticeOf<"email_verification" | "password_reset" | "invitation" | "security_alert">,
): Letter {
  switch (notice.kind) {
    case "email_verification":
      return {
        subject: "Confirm your e-mail address",
        paragraphs: [
          "Please confirm that this address is yours.",
          `The link works until ${timeOf(notice.data.expires_at_ms)}. If you did not sign up, ignore this message.`,
        ],
        action: { label: "Confirm the address", url: notice.data.link },
      };
    case "password_reset":
      return {
        subject: "Choose a new password",
        paragraphs: [
          "Somebody, hopefully you, asked to reset the password of this account.",
          `The link works once, until ${timeOf(notice.data.expires_at_ms)}. If it was not you, ignore this message: nothing changes.`,
        ],
        action: { label: "Choose a password", url: notice.data.link },
      };
    case "invitation":
      return {
        subject: `${notice.data.invited_by} invites you to ${notice.data.company_name}`,
        paragraphs: [
          `${notice.data.invited_by} invites you to work with ${notice.data.company_name} on the platform.`,
          `The invitation is open until ${timeOf(notice.data.expires_at_ms)}.`,
        ],
        action: { label: "Accept the invitation", url: notice.data.link },
      };
    case "security_alert":
      return {
        subject: `Security: ${notice.data.event}`,
        paragraphs: [
          `On your account: ${notice.data.event}, at ${timeOf(notice.occurred_at_ms)}, from ${notice.data.ip ?? "an unknown address"}.`,
          "If this was not you, change your password and end your other sessions.",
        ],
        action: null,
      };
  }
}

function describeMoney(
  notice: NoticeOf<"low_balance" | "budget_reached" | "payment_failed" | "payment_received" | "statement_ready">,
): Letter {
  switch (notice.kind) {
    case "low_balance":
      return {
        subject: `Your balance is below ${usd(notice.data.threshold_nano_usd)}`,
        paragraphs: [
          `${usd(notice.data.available_nano_usd)} are left. When nothing is left, requests are refused with insufficient_balance.`,
        ],
        action: null,
      };
    case "budget_reached":
      return {
        subject: `${notice.data.percent} % of the budget of ${notice.data.name} is spent`,
        paragraphs: [
          `The ${notice.data.scope} ${notice.data.name} has spent ${usd(notice.data.spent_nano_usd)} of ${usd(notice.data.budget_nano_usd)} (${periodOf(notice.data.period)}).`,
          "At 100 % its requests are refused with budget_exceeded.",
        ],
        action: null,
      };
    case "payment_failed":
      return {
        subject: `A payment of ${usd(notice.data.amount_nano_usd)} failed`,
        paragraphs: [
          `The payment ${notice.data.payment_id} of ${usd(notice.data.amount_nano_usd)} failed: ${notice.data.reason}.`,
          "Please check the payment method.",
        ],
        action: null,
      };
    case "payment_received":
      return {
        subject: `We received ${usd(notice.data.amount_nano_usd)}`,
        paragraphs: [
          `The payment ${notice.data.payment_id} of ${usd(notice.data.amount_nano_usd)} has been added to your balance.`,
        ],
        action: null,
      };
    case "statement_ready":
      return {
        subject: `Your statement for ${notice.data.period} is ready`,
        paragraphs: [
          `The statement ${notice.data.statement_id} for ${notice.data.period} comes to ${usd(notice.data.total_nano_usd)}.`,
        ],
        action: null,
      };
  }
}

function describeOperation(
  notice: NoticeOf<"key_leaked" | "credential_quarantined" | "provider_down" | "provider_recovered">,
): Letter {
  switch (notice.kind) {
    case "key_leaked":
      return {
        subject: `The API key ${notice.data.key_name} has leaked`,
        paragraphs: [
          `The API key ${notice.data.key_name} was found in public: ${notice.data.source}.`,
          notice.data.is_revoked
            ? "It has been revoked. Make a new one and replace it where it was used."
            : "Revoke it now, make a new one and replace it where it was used.",
        ],
        action: null,
      };
    case "credential_quarantined":
      return {
        subject: `${notice.data.provider} refuses a credential`,
        paragraphs: [
          `The credential ${notice.data.credential_id} for ${notice.data.provider} is set aside: ${notice.data.reason}.`,
          "Requests no longer use it. Replace it to bring it back.",
        ],
        action: null,
      };
    case "provider_down":
      return {
        subject: `Provider ${notice.data.provider} is down`,
        paragraphs: [
          `Requests avoid ${notice.data.provider} since ${timeOf(notice.data.since_ms)}: ${notice.data.reason}.`,
        ],
        action: null,
      };
    case "provider_recovered":
      return {
        subject: `Provider ${notice.data.provider} is back`,
        paragraphs: [`${notice.data.provider} serves again after ${Math.round(notice.data.down_ms / 1_000)} seconds.`],
        action: null,
      };
  }
}

function usd(nanoUsd: number): string {
  return `${formatPrice(nanoUsd)} USD`;
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function periodOf(period: "day" | "month" | "lifetime"): string {
  return period === "lifetime" ? "in all" : `this ${period}`;
}
