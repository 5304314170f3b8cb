import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Members as auth last told of them; the highest revision wins. */
export const contacts = sqliteTable(
  "contacts",
  {
    companyId: text("company_id").notNull(),
    memberId: text("member_id").notNull(),
    email: text("email").notNull(),
    role: text("role").notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    revision: integer("revision").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.memberId] })],
);

/** What a member chose; what is absent follows the role. */
export const preferences = sqliteTable(
  "preferences",
  {
    companyId: text("company_id").notNull(),
    memberId: text("member_id").notNull(),
    kind: text("kind").notNull(),
    email: integer("email", { mode: "boolean" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.memberId, table.kind] })],
);

/** Notices that arrived, by the producer's id: a repeat is one row. */
export const notices = sqliteTable("notices", {
  id: text("id").primaryKey(),
  kind: text("kind").notNull(),
  companyId: text("company_id"),
  /** JSON; the links of verification, reset and invitation mails are blanked once those are sent. */
  data: text("data").notNull(),
  occurredAtMs: integer("occurred_at_ms").notNull(),
  receivedAtMs: integer("received_at_ms").notNull(),
});

/** One e-mail of one notice to one address. `subject`, `text`, `html` are kept only by the development outbox. */
export const emails = sqliteTable(
  "emails",
  {
    id: text("id").primaryKey(),
    noticeId: text("notice_id").notNull(),
    kind: text("kind").notNull(),
    to: text("to_address").notNull(),
    state: text("state", { enum: ["pending", "sent", "failed"] }).notNull(),
    attempts: integer("attempts").notNull(),
    lastError: text("last_error"),
    nextAttemptAtMs: integer("next_attempt_at_ms"),
    subject: text("subject"),
    text: text("text"),
    html: text("html"),
    createdAtMs: integer("created_at_ms").notNull(),
    finishedAtMs: integer("finished_at_ms"),
  },
  (table) => [index("emails_due").on(table.nextAttemptAtMs), index("emails_created").on(table.createdAtMs)],
);

export const webhooks = sqliteTable(
  "webhooks",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id").notNull(),
    url: text("url").notNull(),
    description: text("description").notNull(),
    /** JSON array of notice kinds. */
    events: text("events", { mode: "json" }).$type<readonly string[]>().notNull(),
    /** Sealed with the master key, bound to this row. */
    secret: text("secret").notNull(),
    previousSecret: text("previous_secret"),
    previousSecretExpiresAtMs: integer("previous_secret_expires_at_ms"),
    isEnabled: integer("is_enabled", { mode: "boolean" }).notNull(),
    disabledReason: text("disabled_reason"),
    lastSuccessAtMs: integer("last_success_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("webhooks_company").on(table.companyId, table.id)],
);

/** One event for one webhook. */
export const webhookDeliveries = sqliteTable(
  "webhook_deliveries",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id").notNull(),
    webhookId: text("webhook_id").notNull(),
    /** The `webhook-id` header. */
    messageId: text("message_id").notNull(),
    event: text("event").notNull(),
    /** The body exactly as it is signed and sent. */
    payload: text("payload").notNull(),
    state: text("state", { enum: ["pending", "delivered", "failed"] }).notNull(),
    /** Since it was created or replayed. */
    attempts: integer("attempts").notNull(),
    lastStatus: integer("last_status"),
    lastError: text("last_error"),
    nextAttemptAtMs: integer("next_attempt_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
    finishedAtMs: integer("finished_at_ms"),
  },
  (table) => [
    index("webhook_deliveries_webhook").on(table.webhookId, table.createdAtMs, table.id),
    index("webhook_deliveries_due").on(table.nextAttemptAtMs),
  ],
);

export const webhookAttempts = sqliteTable(
  "webhook_attempts",
  {
    deliveryId: text("delivery_id").notNull(),
    /** Sorts by time. */
    id: text("id").notNull(),
    atMs: integer("at_ms").notNull(),
    number: integer("number").notNull(),
    status: integer("status"),
    error: text("error"),
    durationMs: integer("duration_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.deliveryId, table.id] })],
);

/** Messages that could not be understood or stored, with the reason. Few, so an index is cheap. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    reason: text("reason").notNull(),
    /** The shape of the message without its values: notices can carry links that let somebody in. */
    summary: text("summary").notNull(),
    attempts: integer("attempts").notNull(),
    receivedAtMs: integer("received_at_ms").notNull(),
    /** The message itself, sealed with the master key and bound to this row: to be replayed, never shown. */
    sealedBody: text("sealed_body"),
    replayedAtMs: integer("replayed_at_ms"),
  },
  (table) => [index("dead_letters_received").on(table.receivedAtMs, table.id)],
);
