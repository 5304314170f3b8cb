import { NOTICE_KINDS, Notice, type NoticeKind } from "@aggregator/contracts/notices";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { describeNotice } from "../src/domain/describe-notice.ts";
import { renderEmail } from "../src/domain/render-email.ts";
import { getPreferences } from "../src/operations/get-preferences.ts";
import { listOutbox } from "../src/operations/list-outbox.ts";
import { updatePreferences } from "../src/operations/update-preferences.ts";
import { actorOf, contact, createWorld, lowBalance, T0_MS, valueOf, type World } from "./support/world.ts";

const LINK = "https://platform.example/verify?token=abc&next=%2F";
const direct = { to: "new@example.com", link: LINK, expires_at_ms: T0_MS };

const DATA: Readonly<Record<NoticeKind, unknown>> = {
  email_verification: direct,
  password_reset: direct,
  invitation: { ...direct, company_name: "<b>Acme</b>", invited_by: "boss@example.com" },
  security_alert: { to: "new@example.com", event: "the password was changed", ip: null },
  low_balance: lowBalance().data,
  budget_reached: {
    scope: "key",
    scope_id: "k",
    name: "<script>alert(1)</script>",
    period: "month",
    spent_nano_usd: 8_000_000_000,
    budget_nano_usd: 10_000_000_000,
    percent: 80,
  },
  payment_failed: { payment_id: "pay_1", amount_nano_usd: 25_000_000_000, reason: "the card was declined" },
  payment_received: { payment_id: "pay_1", amount_nano_usd: 25_000_000_000 },
  key_leaked: { key_id: "k", key_name: "prod", source: "github.com/x/y", is_revoked: true },
  statement_ready: { statement_id: "st_1", period: "2026-10", total_nano_usd: 1_230_000_000 },
  credential_quarantined: { provider: "openai", credential_id: "c", reason: "401" },
  provider_down: { provider: "openai", reason: "five failures in a row", since_ms: T0_MS },
  provider_recovered: { provider: "openai", down_ms: 61_000 },
};

function noticeOf(kind: NoticeKind, id = "notice-1", companyId: string | null = "company-1") {
  return { ...lowBalance(id), company_id: companyId, kind, data: DATA[kind] };
}

async function outbox(world: World) {
  return valueOf(await listOutbox(world.dependencies));
}

describe("e-mail templates", () => {
  it.each(NOTICE_KINDS)("%s renders as subject, text and HTML that escapes what people wrote", async (kind) => {
    const { subject, text, html } = await renderEmail(describeNotice(Notice.parse(noticeOf(kind))));
    expect(subject.length).toBeGreaterThan(10);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(text.length).toBeGreaterThan(20);
    expect(html).toContain("<!doctype html>");
    expect(html).not.toMatch(/<script|<b>/);
    expect(`${subject}${text}${html}`).not.toMatch(/undefined|\[object|NaN/);
  });

  it.each(["email_verification", "password_reset", "invitation"] as const)(
    "%s carries its link in both forms",
    async (kind) => {
      const { text, html } = await renderEmail(describeNotice(Notice.parse(noticeOf(kind))));
      expect(text).toContain(LINK);
      expect(html).toContain(LINK.replace("&", "&amp;"));
    },
  );

  it("a subject cannot be broken over lines", async () => {
    const { subject } = await renderEmail({
      subject: "Hello\r\nBcc: all@example.com",
      paragraphs: ["x"],
      action: null,
    });
    expect(subject).toBe("Hello Bcc: all@example.com");
  });

  it("amounts are exact", async () => {
    const { text } = await renderEmail(describeNotice(Notice.parse(noticeOf("low_balance"))));
    expect(text).toContain("0.9 USD are left");
  });
});

describe("e-mails", () => {
  it("go to the members whose role hears of it, in the development outbox where a person can read them", async () => {
    const world = await createWorld();
    await world.notify(
      contact("owner-1", "owner"),
      contact("dev-1", "developer"),
      contact("gone", "owner", { is_active: false }),
    );
    await world.notify(lowBalance());
    await world.work();
    const mails = await outbox(world);
    expect(mails.map(({ to, kind }) => [to, kind])).toEqual([["owner-1@example.com", "low_balance"]]);
    expect(mails[0]).toMatchObject({ subject: "Your balance is below 1 USD" });
    expect(mails[0]?.html).toContain("0.9 USD are left");
  });

  it("follow what a member chose, in both directions", async () => {
    const world = await createWorld();
    await world.notify(contact("member-1", "owner"), contact("member-2", "viewer"));
    const first = actorOf("company-1");
    const second = actorOf("company-1", { memberId: "member-2" });
    expect(valueOf(await getPreferences(world.dependencies, first)).data).toContainEqual({
      kind: "low_balance",
      email: true,
      default_email: true,
    });
    valueOf(await updatePreferences(world.dependencies, first, { low_balance: { email: false } }));
    const changed = valueOf(await updatePreferences(world.dependencies, second, { low_balance: { email: true } }));
    expect(changed.data).toContainEqual({ kind: "low_balance", email: true, default_email: false });
    await world.notify(lowBalance());
    await world.work();
    expect((await outbox(world)).map(({ to }) => to)).toEqual(["member-2@example.com"]);
  });

  it.each([
    [{ colour: { email: true } }, "colour"],
    [{ low_balance: { email: "yes" } }, "low_balance.email"],
    [{ low_balance: { sms: true } }, undefined],
  ])("preferences refuse %o", async (input, param) => {
    const world = await createWorld();
    const answer = await updatePreferences(world.dependencies, actorOf("company-1"), input);
    expect(answer).toMatchObject({
      ok: false,
      error: { code: "invalid_request", ...(param !== undefined && { param }) },
    });
  });

  it("a stale contact does not overwrite a newer one", async () => {
    const world = await createWorld();
    await world.notify(
      contact("owner-1", "owner", { revision: 5, email: "new@example.com" }),
      contact("owner-1", "owner", { revision: 4, email: "old@example.com" }),
    );
    await world.notify(lowBalance());
    await world.work();
    expect((await outbox(world)).map(({ to }) => to)).toEqual(["new@example.com"]);
  });

  it("for one address go there whatever it prefers, and their link is forgotten once it is sent", async () => {
    const world = await createWorld();
    await world.notify(noticeOf("password_reset", "reset-1"));
    expect(await env.DB.prepare("SELECT data FROM notices").first("data")).toContain("token=abc");
    await world.work();
    expect((await outbox(world)).map(({ to }) => to)).toEqual(["new@example.com"]);
    expect(await env.DB.prepare("SELECT data FROM notices").first("data")).toBe("{}");
  });

  it("about the platform go to the operators", async () => {
    const world = await createWorld();
    await world.notify(noticeOf("provider_down", "down-1", null));
    await world.work();
    expect((await outbox(world)).map(({ to }) => to).toSorted()).toEqual(["ops2@example.com", "ops@example.com"]);
  });

  it("are sent once when the notice repeats", async () => {
    const world = await createWorld();
    await world.notify(contact("owner-1", "owner"));
    for (let round = 0; round < 5; round += 1) await world.notify(lowBalance());
    await world.workThrough();
    expect(await outbox(world)).toHaveLength(1);
  });

  it("are handed to the binding where e-mails are sent, and their content is not kept", async () => {
    const sent: unknown[] = [];
    const email = {
      send: (message: unknown) => {
        sent.push(message);
        return Promise.resolve({ messageId: "m" });
      },
    };
    const world = await createWorld({ email });
    Object.assign(world.dependencies, { config: { ...world.dependencies.config, EMAIL_TRANSPORT: "cloudflare" } });
    await world.notify(noticeOf("password_reset", "reset-2"));
    await world.work();
    expect(sent).toEqual([
      expect.objectContaining({
        from: "notifications@example.com",
        to: "new@example.com",
        subject: "Choose a new password",
      }),
    ]);
    const row = await env.DB.prepare("SELECT state, html, text FROM emails").first();
    expect(row).toEqual({ state: "sent", html: null, text: null });
    expect(await listOutbox(world.dependencies)).toMatchObject({ error: { code: "not_found" } });
  });

  it("are tried again over a day when the service refuses, then given up", async () => {
    const email = {
      send: () => Promise.reject(Object.assign(new Error("to new@example.com"), { code: "E_RATE_LIMIT" })),
    };
    const world = await createWorld({ email });
    Object.assign(world.dependencies, { config: { ...world.dependencies.config, EMAIL_TRANSPORT: "cloudflare" } });
    await world.notify(noticeOf("password_reset", "reset-3"));
    expect(await world.workThrough()).toHaveLength(8);
    expect(await env.DB.prepare("SELECT state, attempts, last_error FROM emails").first()).toEqual({
      state: "failed",
      attempts: 8,
      last_error: "the e-mail service refused it: E_RATE_LIMIT",
    });
  });
});

describe("the notices queue", () => {
  it("acknowledges nine of ten and keeps the tenth's reason and shape, not its secrets", async () => {
    const world = await createWorld();
    const bodies: unknown[] = Array.from({ length: 10 }, (_, index) => lowBalance(`n${index}`));
    bodies[3] = { ...noticeOf("password_reset"), version: 9 };
    const result = await world.notify(...bodies);
    expect(result.explicitAcks).toHaveLength(10);
    expect(await env.DB.prepare("SELECT count(*) AS n FROM notices").first("n")).toBe(9);
    const letter = await env.DB.prepare("SELECT reason, summary FROM dead_letters").first<{ reason: string }>();
    expect(letter?.reason).toContain("version");
    expect(JSON.stringify(letter)).not.toContain("token=abc");
  });

  it("retries when the delivery queue is away, and sends once it is back", async () => {
    const world = await createWorld({ deliveries: { sendBatch: () => Promise.reject(new Error("queue away")) } });
    await world.notify(contact("owner-1", "owner"));
    const result = await world.notify(lowBalance());
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages).toEqual([{ msgId: "m0" }]);
  });
});
