import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { archiveNext } from "../../src/account/archive/archive-next.ts";
import { createArchive } from "../../src/account/archive/archive.ts";
import { nextPart } from "../../src/account/archive/next-part.ts";
import { archivedThrough } from "../../src/account/archive/part.ts";
import type { ArchiveBucket } from "../../src/account/archive/part-file.ts";
import { restoreDay } from "../../src/account/archive/restore-day.ts";
import { auditEntries, AUDIT_START } from "../../src/account/audit-ledger.ts";
import { checkInvariants } from "../../src/account/check-invariants.ts";
import type { Engine } from "../../src/account/engine.ts";
import { grant } from "../../src/account/grant.ts";
import { rerateRequests } from "../../src/account/rerate-requests.ts";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  operator,
  refusalOf,
  SIGNUP,
  until,
  valueOf,
} from "../support/billing.ts";
import { GRANT, withLedger } from "../support/old-ledger.ts";
import { aReserve, aSettlement } from "../support/builders.ts";
import { oneRequest, withEntries } from "../support/long-ledger.ts";
import { archiveAll, booksOf, FIRST_DAY, rowsOf } from "../support/archived-books.ts";

const DAY_MS = 86_400_000;

describe("archiving", () => {
  it("changes nothing that is read from the ledger, also after a restart; only the newest day stays as rows", async () => {
    await withLedger(async (ledger) => {
      const before = await booksOf(ledger);
      expect(before.audit).toMatchObject({ faults: [], balanceNanoUsd: before.balance });
      expect(before.transactions.length).toBeGreaterThan(20);
      expect(await archiveAll(ledger)).toBe(4);
      expect(await booksOf(ledger)).toEqual(before);
      ledger.restart();
      expect(await booksOf(ledger)).toEqual(before);
      const { entries, reservations } = rowsOf(ledger);
      // The signup and the grant, whose keys must be known for ever, and the request of 100 days later.
      expect(entries.map(({ kind }) => kind)).toEqual(["signup", "credit", "charge"]);
      expect(reservations).toHaveLength(1);
      oneRequest(ledger.engine, ledger.clock.nowMs, 100);
      expect(ledger.engine.run(checkInvariants)).toEqual([]);
    });
  });

  it("a credit that was granted before is not granted again", async () => {
    await withLedger(async (ledger) => {
      await archiveAll(ledger);
      const { balance } = await booksOf(ledger);
      const again = ledger.engine.run((account) => grant(account, GRANT));
      expect(again).toMatchObject({ ok: true, value: { amount_nano_usd: 5_000, kind: "credit" } });
      expect((await booksOf(ledger)).balance).toBe(balance);
    });
  });

  it.each([
    ["is not told to analytics", "UPDATE account SET exported_seq = 3", null],
    ["is not in D1's daily totals", "UPDATE day_total SET told_seq = 0", null],
    [
      "does not tie",
      "UPDATE entry SET amount = amount - 1 WHERE seq = 3",
      "Error: entries after 0 of company company-1 do not tie",
    ],
    ["has not paid from credits that expire", "INSERT INTO lot VALUES (1, 9000000000000, 5)", null],
    ["is frozen", "UPDATE account SET frozen_reason = 'books'", null],
  ])("leaves what %s", async (_name, statement, outcome) => {
    await withLedger(async (ledger) => {
      ledger.sql.run(statement);
      ledger.restart();
      const attempt = archiveNext(ledger.engine, env.ARCHIVE, ledger.companyId).then(
        (part) => part,
        (error: unknown) => String(error),
      );
      expect(await attempt).toBe(outcome);
      expect(ledger.engine.run(({ sql }) => archivedThrough(sql))).toBe(0);
    });
  });

  it("leaves everything where it is switched off, and while an audit goes on", async () => {
    await withLedger(async (ledger) => {
      ledger.engine.run((account) => auditEntries(account, AUDIT_START));
      expect(ledger.engine.run(nextPart)).toBeNull();
      ledger.clock.nowMs += 61_000;
      expect(ledger.engine.run(nextPart)).not.toBeNull();
      const off = (account: Parameters<typeof nextPart>[0]) =>
        nextPart({ ...account, config: { ...account.config, archiveAfterDays: 0 } });
      expect(ledger.engine.run(off)).toBeNull();
    });
  });

  it("takes a long day in parts, and never parts a charge from its overrun", async () => {
    await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
      const account = withEntries(storage, 2_500, { archiveAfterDays: 90 });
      account.sql.run("UPDATE entry SET at = (SELECT at FROM entry WHERE seq = 2) WHERE seq = 1");
      account.clock.nowMs += 95 * DAY_MS;
      oneRequest(account.engine, account.clock.nowMs, 1);
      expect(account.engine.run(nextPart)?.part).toMatchObject({ firstSeq: 1, lastSeq: 2_000, entries: 2_000 });
      account.sql.run("UPDATE entry SET request_id = (SELECT request_id FROM entry WHERE seq = 2000) WHERE seq = 2001");
      expect(account.engine.run(nextPart)?.part.lastSeq).toBe(1_999);
      expect((await archiveNext(account.engine, env.ARCHIVE, newId()))?.lastSeq).toBe(1_999);
      expect(account.engine.run(nextPart)?.part).toMatchObject({ firstSeq: 2_000, lastSeq: 2_501 });
    });
  });
});

describe("a crash while archiving", () => {
  const away = () => Promise.reject(new Error("R2 is away"));
  const put: ArchiveBucket["put"] = env.ARCHIVE.put.bind(env.ARCHIVE);
  const get: ArchiveBucket["get"] = env.ARCHIVE.get.bind(env.ARCHIVE);
  const bucket = (changes: { put?: unknown; get?: unknown }): ArchiveBucket =>
    ({ put, get, ...changes }) as unknown as ArchiveBucket;

  it.each([
    ["before the file is written", bucket({ put: away })],
    [
      "after the file is written",
      bucket({ put: async (key: string, body: ArrayBuffer) => (await put(key, body), away()) }),
    ],
    ["where the file cannot be read back", bucket({ get: away })],
    ["where the file is not there", bucket({ get: () => Promise.resolve(null) })],
    [
      "where half of the file is there",
      bucket({ put: (key: string, body: ArrayBuffer) => put(key, body.slice(0, 99)) }),
    ],
  ])("%s loses nothing, and is done again", async (_name, broken) => {
    await withLedger(async (ledger) => {
      const [books, rows] = [await booksOf(ledger), rowsOf(ledger)];
      await expect(archiveNext(ledger.engine, broken, ledger.companyId)).rejects.toThrow(
        /away|missing|not what was written/,
      );
      expect(rowsOf(ledger)).toEqual(rows);
      expect(await archiveAll(ledger)).toBe(4);
      expect(await booksOf(ledger)).toEqual(books);
    });
  });

  it("before any statement loses nothing, and is done again", async () => {
    await withLedger(async (ledger) => {
      const books = await booksOf(ledger);
      const failed: number[] = [];
      for (let run = 1; run <= 3; run += 1) {
        for (let statement = 1; statement < 12; statement += 1) {
          let runs = 0;
          const engine: Engine = {
            run: (operation) => {
              runs += 1;
              if (runs === run) ledger.failBefore(statement);
              return ledger.engine.run(operation);
            },
          };
          const rows = rowsOf(ledger);
          const outcome = await archiveNext(engine, env.ARCHIVE, ledger.companyId).catch(() => "failed" as const);
          if (outcome !== "failed") break;
          failed.push(run);
          expect(rowsOf(ledger)).toEqual(rows);
          ledger.restart();
        }
      }
      expect(new Set(failed)).toEqual(new Set([1, 2, 3]));
      await archiveAll(ledger);
      expect(await booksOf(ledger)).toEqual(books);
    });
  });

  it("rows that changed since the file was written stay", async () => {
    await withLedger(async (ledger) => {
      const late = bucket({
        get: async (key: string) => {
          ledger.sql.run("UPDATE reservation SET price = 1 WHERE id = (SELECT request_id FROM entry WHERE seq = 2)");
          return get(key);
        },
      });
      const rows = rowsOf(ledger).entries;
      expect(await archiveNext(ledger.engine, late, ledger.companyId)).toBeNull();
      expect(rowsOf(ledger).entries).toEqual(rows);
    });
  });

  it("R2 that is away stops nothing, and is left alone for a while", async () => {
    await withLedger(async ({ engine, companyId, clock }) => {
      let asked = 0;
      const counting = bucket({ put: () => ((asked += 1), away()) });
      const { log } = engine.run((account) => account);
      const archive = createArchive({ companyId, engine, bucket: counting, log, now: () => clock.nowMs });
      await archive.run();
      await archive.run();
      expect(asked).toBe(1);
      clock.nowMs += 600_000;
      await archive.run();
      expect(asked).toBe(2);
    });
  });
});

describe("restoring", () => {
  it("puts a day's rows back as they were, the audit ties, and a week later they are in R2 only", async () => {
    await withLedger(async (ledger) => {
      const { engine, companyId } = ledger;
      const [before, rows] = [await booksOf(ledger), rowsOf(ledger)];
      await archiveAll(ledger);
      const archived = rowsOf(ledger);
      const stretch = { fromMs: Date.parse(FIRST_DAY), toMs: Date.parse(FIRST_DAY) + DAY_MS, after: "" };
      const rerated = () => engine.run((account) => rerateRequests(account, stretch, { prices: {}, markupBps: null }));
      expect(rerated()).toMatchObject({ ok: false, error: { code: "conflict" } });
      for (const day of ["2026-11-24", FIRST_DAY, FIRST_DAY, "2026-11-26", "2026-11-25"]) {
        const count = rows.entries.filter(({ at }) => new Date(Number(at)).toISOString().startsWith(day)).length;
        expect(await restoreDay(engine, env.ARCHIVE, companyId, day)).toEqual({ ok: true, value: { entries: count } });
        expect(await booksOf(ledger)).toEqual(before);
      }
      expect(rerated()).toMatchObject({ ok: true });
      expect(rowsOf(ledger)).toEqual(rows);
      expect(await archiveAll(ledger)).toBe(0);
      expect(rowsOf(ledger)).toEqual(rows);
      ledger.clock.nowMs += 8 * DAY_MS;
      for (let part = 0; part < 4; part += 1) await archiveNext(engine, env.ARCHIVE, companyId);
      expect(rowsOf(ledger)).toEqual(archived);
      expect(await booksOf(ledger)).toEqual(before);
    });
  });

  it("refuses a file that is gone or was changed, and the audit names a summary that was", async () => {
    await withLedger(async (ledger) => {
      const { engine, companyId, sql } = ledger;
      await archiveAll(ledger);
      const { object_key: key = "" } = sql.first<{ object_key: string }>("SELECT object_key FROM archive") ?? {};
      await env.ARCHIVE.put(key, "not gzip");
      const rows = rowsOf(ledger);
      expect(await restoreDay(engine, env.ARCHIVE, companyId, FIRST_DAY)).toMatchObject({
        error: { code: "conflict" },
      });
      await env.ARCHIVE.delete(key);
      expect(await restoreDay(engine, env.ARCHIVE, companyId, FIRST_DAY)).toMatchObject({
        error: { code: "conflict" },
      });
      expect(rowsOf(ledger)).toEqual(rows);
      expect(await restoreDay(engine, env.ARCHIVE, companyId, "2026-01-01")).toMatchObject({
        error: { code: "not_found" },
      });
      sql.run("UPDATE archive SET closing = closing + 1 WHERE day = ?", FIRST_DAY);
      const { faults } = engine.run((account) => auditEntries(account, AUDIT_START));
      expect(faults.join()).toContain("the balance after entry");
    });
  });
});

describe("a company's archive in the Worker", () => {
  it("is written by the alarm, and an operator gets a day of it back, after which the audit ties", async () => {
    const actor = anActor();
    const account = accountOf(actor);
    const spend = async (price: number) => {
      const id = newId();
      await account.reserve(aReserve({ requestId: id }));
      await account.end([aSettlement(id, price)]);
    };
    for (const price of [30, 60, 10]) await spend(price);
    await runDurableObjectAlarm(account);
    const before = await account.transactions(100, undefined);
    // As if that had been 100 days ago.
    await runInDurableObject(account, (_, { storage }) => {
      storage.sql.exec(`UPDATE entry SET at = at - ${100 * DAY_MS}`);
    });
    await spend(7);
    await runDurableObjectAlarm(account);
    const parts = () =>
      runInDurableObject(account, (_, { storage }) =>
        storage.sql.exec<{ day: string }>("SELECT day FROM archive").toArray(),
      );
    await until(async () => expect(await parts()).toHaveLength(1));
    const day = (await parts())[0]?.day;

    const audit = () => valueOf(billing.auditAccount(aContext(), operator, actor.companyId));
    const tied = { entries: 5, balance_nano_usd: SIGNUP - 107, ties: true, faults: [] };
    expect(await audit()).toMatchObject(tied);
    const listed = async () => {
      const recent = await account.transactions(100, undefined);
      const older = await account.transactions(100, recent.nextCursor ?? undefined);
      return [...recent.data, ...older.data].slice(1).map((view) => ({ ...view, created_at: "" }));
    };
    const expected = before.data.map((view) => ({ ...view, created_at: "" }));
    expect(await listed()).toEqual(expected);

    const restore = (who: typeof actor, input: unknown) =>
      billing.restoreLedger(aContext(), who, actor.companyId, input, null);
    expect(await valueOf(restore(operator, { day }))).toEqual({ company_id: actor.companyId, day, entries: 4 });
    expect(await audit()).toMatchObject(tied);
    expect(await listed()).toEqual(expected);

    expect((await refusalOf(restore(actor, { day }))).code).toBe("permission_denied");
    expect(await refusalOf(restore(operator, { day: "May" }))).toMatchObject({ code: "invalid_request", param: "day" });
    expect((await refusalOf(restore(operator, { day: "2020-01-01" }))).code).toBe("not_found");
    expect((await refusalOf(billing.restoreLedger(aContext(), operator, "nobody", { day }, null))).code).toBe(
      "not_found",
    );
  });
});
