import { defectFields } from "@aggregator/runtime/log";
import { listAccount } from "../db/accounts.ts";
import type { Database } from "../db/client.ts";
import { keepDailyTotals } from "../db/ledger.ts";
import { readMarkupOverrides } from "../db/markup-overrides.ts";
import type { Account } from "./account.ts";
import { markDaysTold, readUntoldDays } from "./day-totals.ts";
import type { Engine } from "./engine.ts";
import { setMarkupOverrides } from "./set-markup-overrides.ts";

const LIST_EVERY_MS = 43_200_000;
const TELL_DAYS_EVERY_MS = 60_000;

/** What an account and D1 tell each other, off the way of requests: nothing here can fail one. */
export interface DatabaseTeller {
  /** Puts the account on the list of those that the cron looks after. Failing that, the next alarm tries again. */
  listOnce(): Promise<void>;
  /** Tells the totals of days, at most once a minute. Failing that, a later alarm tries again. */
  tellDays(): Promise<void>;
  /** Reads markup overrides, once in an account's life: all later ones are told to it. Failing that, cron tells it. */
  learnMarkups(): Promise<void>;
  /** When days are next to be told; Infinity: all have been. */
  nextDaysMs(account: Account): number;
}

/** Remembers in memory when it told last: a restart tells again, which changes nothing. */
export function createDatabaseTeller(companyId: string, engine: Engine, db: Database): DatabaseTeller {
  let listedAtMs = 0;
  let daysToldAtMs = 0;
  return {
    listOnce: async () => {
      const nowMs = Date.now();
      if (nowMs - listedAtMs < LIST_EVERY_MS) return;
      try {
        await listAccount(db, companyId, nowMs);
        listedAtMs = nowMs;
      } catch (error) {
        engine.run(({ log }) => log.warn("account.not_listed", defectFields(error)));
      }
    },
    tellDays: async () => {
      const nowMs = Date.now();
      if (nowMs - daysToldAtMs < TELL_DAYS_EVERY_MS) return;
      try {
        const untold = engine.run((account) => (account.book.hasUntoldDays ? readUntoldDays(account) : []));
        if (untold.length === 0) return;
        daysToldAtMs = nowMs;
        await keepDailyTotals(db, companyId, untold, nowMs);
        engine.run((account) => markDaysTold(account, untold));
      } catch (error) {
        engine.run(({ log }) => log.warn("account.days_not_told", defectFields(error)));
      }
    },
    learnMarkups: async () => {
      if (engine.run(({ book }) => book.markupOverrides !== null)) return;
      try {
        const overrides = await readMarkupOverrides(db, companyId);
        engine.run((account) => setMarkupOverrides(account, overrides));
      } catch (error) {
        engine.run(({ log }) => log.warn("account.markups_not_read", defectFields(error)));
      }
    },
    nextDaysMs: ({ book, nowMs }) =>
      book.hasUntoldDays ? Math.max(nowMs + 1_000, daysToldAtMs + TELL_DAYS_EVERY_MS) : Infinity,
  };
}
