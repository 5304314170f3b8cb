import type { OutboxEmailView } from "@aggregator/contracts/notifications";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { listKeptEmails } from "../db/emails.ts";
import type { Dependencies } from "../dependencies.ts";

const MAX_EMAILS = 100;

/** The e-mails that development kept instead of sending, newest first. `not_found` where e-mails are sent. */
export async function listOutbox({ db, config }: Dependencies): Promise<Result<readonly OutboxEmailView[]>> {
  if (config.EMAIL_TRANSPORT !== "outbox") return err("not_found", "There is no outbox here: e-mails are sent.");
  const rows = await listKeptEmails(db, MAX_EMAILS);
  return ok(
    rows.map((email) => ({
      id: email.id,
      to: email.to,
      kind: email.kind,
      subject: email.subject ?? "",
      text: email.text ?? "",
      html: email.html ?? "",
      created_at: new Date(email.createdAtMs).toISOString(),
    })),
  );
}
