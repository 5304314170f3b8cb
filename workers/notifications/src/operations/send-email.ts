import { claimEmail, findEmail, markEmailFailed, markSent } from "../db/emails.ts";
import { blankNotice, findNotice } from "../db/notices.ts";
import type { Dependencies } from "../dependencies.ts";
import { describeNotice } from "../domain/describe-notice.ts";
import { ATTEMPT_LEASE_MS, secondsTooEarly } from "../domain/job-timing.ts";
import { audienceKindOf } from "../domain/plan-notice.ts";
import { type RenderedEmail, renderEmail } from "../domain/render-email.ts";
import { secondsToNextAttempt } from "../domain/retry-schedule.ts";
import type { JobEnd } from "./consume-deliveries.ts";

const DONE: JobEnd = { kind: "done" };

/** Makes one attempt at sending an e-mail, or in development keeps it in the outbox. Retried over a day. */
export async function sendEmail(dependencies: Dependencies, emailId: string): Promise<JobEnd> {
  const { db, now, log } = dependencies;
  const email = await findEmail(db, emailId);
  if (email?.state !== "pending") return DONE;
  const early = secondsTooEarly(email.nextAttemptAtMs, now());
  if (early !== null) return { kind: "again", delaySeconds: early };
  if (!(await claimEmail(db, email, now() + ATTEMPT_LEASE_MS))) return DONE;
  const notice = await findNotice(db, email.noticeId);
  if (notice === undefined) {
    await markEmailFailed(db, email.id, "the notice is gone", null, now());
    return DONE;
  }
  const rendered = await renderEmail(describeNotice(notice));
  const failure = await hand(dependencies, email.to, rendered);
  if (failure === null) {
    const isKept = dependencies.config.EMAIL_TRANSPORT === "outbox";
    await markSent(db, email.id, isKept ? rendered : null, now());
    if (audienceKindOf(notice).kind === "address") await blankNotice(db, notice.id);
    return DONE;
  }
  const delaySeconds = secondsToNextAttempt(email.attempts + 1);
  const retryAtMs = delaySeconds === null ? null : now() + delaySeconds * 1_000;
  await markEmailFailed(db, email.id, failure, retryAtMs, now());
  log.warn("email_not_sent", { attempts: email.attempts + 1, reason: failure });
  return delaySeconds === null ? DONE : { kind: "again", delaySeconds };
}

/** Gives an e-mail to its transport; null, or why it was not taken. */
async function hand(
  { config, email }: Dependencies,
  to: string,
  { subject, text, html }: RenderedEmail,
): Promise<string | null> {
  if (config.EMAIL_TRANSPORT === "outbox") return null;
  try {
    await email.send({ from: config.EMAIL_FROM, to, subject, text, html });
    return null;
  } catch (error) {
    // The binding's errors carry a code such as E_SENDER_NOT_VERIFIED; their message may carry the address.
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return code === "" ? "the e-mail service refused it" : `the e-mail service refused it: ${code.slice(0, 64)}`;
  }
}
