import type { TransactionView } from "@aggregator/contracts/billing";
import type { Page } from "@aggregator/contracts/page";
import type { Result } from "@aggregator/contracts/result";
import { defectFields, type Logger } from "@aggregator/runtime/log";
import type { Engine } from "../engine.ts";
import { archiveNext } from "./archive-next.ts";
import { pageTransactions } from "./page-transactions.ts";
import type { ArchiveBucket } from "./part-file.ts";
import { type RestoredDay, restoreDay } from "./restore-day.ts";

/** After a failure nothing is tried for so long: the rows are in no hurry to go. */
const PAUSE_MS = 600_000;

/** The part of a company's ledger that lies in R2. */
export interface Archive {
  /** Moves one part there, if one is due. Never throws. */
  run(): Promise<void>;
  restoreDay(day: string): Promise<Result<RestoredDay>>;
  transactions(limit: number, cursor: string | undefined): Promise<Page<TransactionView>>;
}

export function createArchive(options: {
  readonly companyId: string;
  readonly engine: Engine;
  readonly bucket: ArchiveBucket;
  readonly log: Logger;
  readonly now: () => number;
}): Archive {
  const { companyId, engine, bucket, log, now } = options;
  let isRunning = false;
  let pausedUntilMs = 0;
  return {
    async run() {
      if (isRunning || now() < pausedUntilMs) return;
      isRunning = true;
      try {
        await archiveNext(engine, bucket, companyId);
      } catch (error) {
        pausedUntilMs = now() + PAUSE_MS;
        log.warn("account.not_archived", { company_id: companyId, ...defectFields(error) });
      } finally {
        isRunning = false;
      }
    },
    restoreDay: (day) => restoreDay(engine, bucket, companyId, day),
    transactions: (limit, cursor) => pageTransactions(engine, bucket, companyId, { limit, cursor }),
  };
}
