import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { restoreDay } from "../../src/account/archive/restore-day.ts";
import { endRequest } from "../../src/account/end-request.ts";
import { eraseClientWords } from "../../src/account/erase-client-words.ts";
import { archiveAll, booksOf, FIRST_DAY, rowsOf } from "../support/archived-books.ts";
import { aContext, anActor, billing, operator, refusalOf } from "../support/billing.ts";
import { aRecord, aSettlement, requestId } from "../support/builders.ts";
import { type Ledger, withLedger } from "../support/old-ledger.ts";

describe("what clients wrote", () => {
  const WORDS = "user.jane.doe";
  const CLIENT = /"clientRequestId":(?!null)|jane/;

  /** A ledger of old days whose requests carry ids of their clients' own. */
  const withWords = (test: (ledger: Ledger) => Promise<void>) =>
    withLedger(async (ledger) => {
      ledger.sql.run(
        "UPDATE reservation SET record = json_set(record, '$.clientRequestId', ?) WHERE record IS NOT NULL",
        WORDS,
      );
      await test(ledger);
    });

  it("never gets into a file, so that an erased company's archive has nothing to forget; days restore all the same", () =>
    withWords(async (ledger) => {
      const before = await booksOf(ledger);
      expect(await archiveAll(ledger)).toBe(4);
      const { objects } = await env.ARCHIVE.list({ prefix: `${ledger.companyId}/` });
      expect(objects).toHaveLength(4);
      for (const { key } of objects) {
        const body = (await env.ARCHIVE.get(key))?.body;
        if (body === undefined) throw new Error(`${key} is missing`);
        const text = await new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
        expect(text).toContain('"reservation":{');
        expect(text).not.toMatch(CLIENT);
      }
      expect(await restoreDay(ledger.engine, env.ARCHIVE, ledger.companyId, FIRST_DAY)).toMatchObject({ ok: true });
      expect(await booksOf(ledger)).toEqual(before);
    }));

  it("is forgotten on the rows of an erased company, page by page, and nothing else changes", () =>
    withWords(async (ledger) => {
      const { engine, sql } = ledger;
      const late = requestId(ledger.clock.nowMs, 4_711);
      const record = aRecord({ clientRequestId: WORDS });
      engine.run((account) => endRequest(account, aSettlement(late, 5, { record })));
      const [books, rows] = [await booksOf(ledger), rowsOf(ledger)];
      expect(JSON.stringify(rows)).toContain("jane");
      let pages = 0;
      for (let after: string | null = ""; after !== null; pages += 1) {
        const from: string = after;
        after = engine.run((account) => eraseClientWords(account, from));
      }
      expect(pages).toBeGreaterThan(1);
      expect(JSON.stringify([rowsOf(ledger), sql.all("SELECT * FROM anomaly")])).not.toContain("jane");
      expect(rowsOf(ledger)).toEqual(JSON.parse(JSON.stringify(rows).replaceAll(`\\"${WORDS}\\"`, "null")));
      expect(await booksOf(ledger)).toEqual(books);
    }));

  it("is an operator's to erase", async () => {
    const actor = anActor();
    expect((await refusalOf(billing.eraseAccount(aContext(), actor, actor.companyId))).code).toBe("permission_denied");
    expect(await billing.eraseAccount(aContext(), operator, actor.companyId)).toMatchObject({ ok: true });
  });
});
