import { env } from "cloudflare:workers";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import type { Actor } from "@aggregator/contracts/actor";
import type { NoticeMessage } from "@aggregator/contracts/notices";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { findStatement } from "../../src/db/statements.ts";
import type { Env } from "../../src/env.ts";
import { closeStatements } from "../../src/statements/close-statements.ts";
import { monthOf, spanOf } from "../../src/statements/month.ts";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  db,
  postedOf,
  refusalOf,
  SIGNUP,
  USD,
  valueOf,
} from "../support/billing.ts";
import { aReserve, aRecord, aSettlement } from "../support/builders.ts";

const DAY = 86_400_000;
const thisMonth = monthOf(Date.now());
const lastMonth = monthOf((spanOf(thisMonth)?.startMs ?? 0) - 1);
const lastMonthMs = spanOf(lastMonth)?.startMs ?? 0;

async function request(actor: Actor, model: string, keyId: string, priceNanoUsd: number): Promise<void> {
  const requestId = newId();
  const account = accountOf(actor);
  await account.reserve(aReserve({ requestId, keyId, holdNanoUsd: 1_000 }));
  await account.end([aSettlement(requestId, priceNanoUsd, { record: aRecord({ model }) })]);
}

/** Moves what is in the ledger so far into last month: its entries a day apart, the account opened with the first. */
async function intoLastMonth(actor: Actor): Promise<void> {
  await runInDurableObject(accountOf(actor), (_account, state) => {
    state.storage.sql.exec("UPDATE entry SET at = ? + seq * ?", lastMonthMs, DAY / 10);
    state.storage.sql.exec("UPDATE account SET opened_at = ?", lastMonthMs);
  });
}

const statementOf = (actor: Actor, month: string) => valueOf(billing.getStatement(aContext(), actor, month));

/** Last month: sign-up, three requests. This month: two requests, one beyond its hold, and a credit. */
async function twoMonths(): Promise<Actor> {
  const actor = anActor();
  await request(actor, "openai/gpt-4o", "key-a", 37);
  await request(actor, "openai/gpt-4o", "key-b", 5);
  await request(actor, "=cmd()", "key-a", 999);
  await intoLastMonth(actor);
  await request(actor, "openai/gpt-4o", "key-a", 1);
  await request(actor, "openai/gpt-4o", "key-a", 1_500);
  const admin = anActor({ platformAdmin: true });
  const credit = { amount_nano_usd: 3 * USD + 1, reason: "Invoice" };
  await valueOf(billing.grantCredit(aContext(), admin, actor.companyId, credit, null));
  return actor;
}

describe("a statement", () => {
  it("has opening, charges by model and key, credits and closing, and ties to the nano", async () => {
    const actor = await twoMonths();
    const last = await statementOf(actor, lastMonth);
    expect(last).toMatchObject({
      month: lastMonth,
      company_id: actor.companyId,
      is_closed: true,
      opening_nano_usd: 0,
      credits_nano_usd: SIGNUP,
      charges_nano_usd: -1_041,
      closing_nano_usd: SIGNUP - 1_041,
      closing: "99.999998959",
    });
    expect(last.lines).toEqual([
      { kind: "charge", model: "=cmd()", key_id: "key-a", entries: 1, amount_nano_usd: -999 },
      { kind: "charge", model: "openai/gpt-4o", key_id: "key-a", entries: 1, amount_nano_usd: -37 },
      { kind: "charge", model: "openai/gpt-4o", key_id: "key-b", entries: 1, amount_nano_usd: -5 },
      { kind: "signup", model: null, key_id: null, entries: 1, amount_nano_usd: SIGNUP },
    ]);
    const running = await statementOf(actor, thisMonth);
    expect(running).toMatchObject({ is_closed: false, opening_nano_usd: last.closing_nano_usd });
    expect(running.closing_nano_usd).toBe(await postedOf(actor));
    expect(running.lines.find(({ kind }) => kind === "overrun")).toMatchObject({ amount_nano_usd: -500 });
  });

  it("every entry is in exactly one month, and the lines add up to the balance", async () => {
    const actor = await twoMonths();
    const { data } = await valueOf(billing.listStatements(aContext(), actor, {}));
    expect(data.map(({ month }) => month)).toEqual([thisMonth, lastMonth]);
    const lines = data.flatMap(({ lines: all }) => all);
    const transactions = await accountOf(actor).transactions(100, undefined);
    expect(lines.reduce((sum, line) => sum + line.entries, 0)).toBe(transactions.data.length);
    expect(lines.reduce((sum, line) => sum + line.amount_nano_usd, 0)).toBe(await postedOf(actor));
  });

  it("of a closed month is kept: what happens to the entries later does not change it", async () => {
    const actor = await twoMonths();
    const before = await statementOf(actor, lastMonth);
    await runInDurableObject(accountOf(actor), (_account, state) => {
      state.storage.sql.exec("DELETE FROM entry WHERE at < ?", spanOf(thisMonth)?.startMs ?? 0);
    });
    expect(await statementOf(actor, lastMonth)).toEqual(before);
  });

  it("that does not tie is not made: a planted difference of 1 nano is a failure, not a statement", async () => {
    const actor = await twoMonths();
    await runInDurableObject(accountOf(actor), (_account, state) => {
      state.storage.sql.exec("UPDATE entry SET amount = amount + 1 WHERE seq = 2");
    });
    await expect(statementOf(actor, lastMonth)).rejects.toThrow("does not tie");
    expect(await findStatement(db, actor.companyId, lastMonth)).toBeNull();
  });

  it("of more entries than are summed at once is whole", async () => {
    const actor = anActor();
    await accountOf(actor).balance();
    await runInDurableObject(accountOf(actor), (_account, state) => {
      const insert = `INSERT INTO entry (seq, kind, amount, balance_after, at, key_id, model)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)
        SELECT 1 + i, 'charge', -i, ? - i * (i + 1) / 2, ?, 'key', 'm' FROM n`;
      state.storage.sql.exec(insert, SIGNUP, Date.now());
    });
    await evictDurableObject(accountOf(actor));
    const statement = await statementOf(actor, thisMonth);
    const spent = (45_000 * 45_001) / 2;
    expect(statement.lines[0]).toMatchObject({ entries: 45_000, amount_nano_usd: -spent });
    expect(statement.closing_nano_usd).toBe(SIGNUP - spent);
  });

  it.each(["2026-13", "2026-1", "26-11", "x", "9999-12", "2020-01", ""])("of %j there is none", async (month) => {
    expect((await refusalOf(billing.getStatement(aContext(), anActor(), month))).code).toBe("not_found");
  });

  it("needs billing:read, and is the actor's own company's whatever is asked", async () => {
    const nobody = anActor({ permissions: [] });
    const codes = await Promise.all([
      refusalOf(billing.getStatement(aContext(), nobody, thisMonth)),
      refusalOf(billing.listStatements(aContext(), nobody, {})),
      refusalOf(billing.exportStatement(aContext(), nobody, thisMonth, "csv")),
    ]);
    expect(codes.map(({ code }) => code)).toEqual(Array(3).fill("permission_denied"));
    const [actor, other] = [await twoMonths(), anActor()];
    expect((await statementOf(other, thisMonth)).company_id).toBe(other.companyId);
    expect((await statementOf(actor, thisMonth)).company_id).toBe(actor.companyId);
  });

  it("lists in pages from the newest month on", async () => {
    const actor = await twoMonths();
    const first = await valueOf(billing.listStatements(aContext(), actor, { limit: "1" }));
    expect(first.data.map(({ month }) => month)).toEqual([thisMonth]);
    const rest = await valueOf(
      billing.listStatements(aContext(), actor, { limit: "1", cursor: first.nextCursor ?? "" }),
    );
    expect([rest.data.map(({ month }) => month), rest.nextCursor]).toEqual([[lastMonth], null]);
  });
});

describe("a statement as a file", () => {
  it("CSV: amounts add up from opening to closing, and no cell is a formula", async () => {
    const file = await valueOf(billing.exportStatement(aContext(), await twoMonths(), lastMonth, "csv"));
    expect(file).toMatchObject({ content_type: "text/csv; charset=utf-8", file_name: `statement-${lastMonth}.csv` });
    const rows = file.body.trimEnd().split("\r\n");
    expect(rows[0]).toBe("month,kind,model,key_id,entries,amount_nano_usd,amount_usd");
    const amounts = rows.slice(1).map((row) => Number(row.split(",").at(-2)));
    const closing = amounts.pop();
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(closing);
    expect(file.body).toContain(`"'=cmd()"`);
    for (const cell of rows.flatMap((row) => row.split(","))) expect(cell).not.toMatch(/^"?[=+@\t]/);
  });

  it("page: every value is escaped, nothing is loaded, no script", async () => {
    const actor = anActor();
    await request(actor, `<img src=x onerror=alert(1)>&"'`, "key-a", 5);
    const file = await valueOf(billing.exportStatement(aContext(), actor, thisMonth, "html"));
    expect(file).toMatchObject({ content_type: "text/html; charset=utf-8" });
    expect(file.body).toContain("&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;");
    expect(file.body).not.toMatch(/<(?:script|img|link|iframe)/i);
    expect(file.body).toContain("(running)");
  });

  it("another format is refused by name", async () => {
    expect(await refusalOf(billing.exportStatement(aContext(), anActor(), thisMonth, "pdf"))).toMatchObject({
      param: "format",
    });
  });
});

describe("when a month is over", () => {
  const soonAfter = (spanOf(thisMonth)?.startMs ?? 0) + 3_600_000;
  const active = (actor: Actor) =>
    env.DB.prepare(
      "INSERT INTO accounts (company_id, active_at_ms, poked_at_ms) VALUES (?, ?, 0) ON CONFLICT DO NOTHING",
    )
      .bind(actor.companyId, Date.now())
      .run();

  async function close(nowMs: number): Promise<NoticeMessage[]> {
    const sent: NoticeMessage[] = [];
    const NOTICES = { send: async (message: NoticeMessage) => void sent.push(message) } as unknown as Env["NOTICES"];
    await closeStatements({ ...env, NOTICES }, nowMs);
    return sent;
  }

  it("its statement is kept and announced once; who came later is not asked again", async () => {
    const [actor, newcomer] = [await twoMonths(), anActor()];
    await accountOf(newcomer).balance();
    await Promise.all([active(actor), active(newcomer)]);
    const sent = await close(soonAfter);
    expect(sent.filter(({ company_id }) => company_id === newcomer.companyId)).toEqual([]);
    expect(sent.filter(({ company_id }) => company_id === actor.companyId)).toMatchObject([
      {
        kind: "statement_ready",
        id: `statement/${actor.companyId}/${lastMonth}`,
        data: { statement_id: lastMonth, period: lastMonth, total_nano_usd: -1_041 },
      },
    ]);
    expect(await findStatement(db, actor.companyId, lastMonth)).toMatchObject({ is_closed: true });
    expect(await close(soonAfter)).toEqual([]);
    expect((await refusalOf(billing.getStatement(aContext(), newcomer, lastMonth))).code).toBe("not_found");
  });

  it("not before ten minutes have passed, as clocks differ, and not for ever", async () => {
    const actor = await twoMonths();
    await active(actor);
    const startMs = spanOf(thisMonth)?.startMs ?? 0;
    expect(await close(startMs + 60_000)).toEqual([]);
    expect(await close(startMs + 4 * DAY)).toEqual([]);
    expect(await close(soonAfter)).toHaveLength(1);
  });
});
