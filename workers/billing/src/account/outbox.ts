import { USAGE_MESSAGE_VERSION, type UsageMessage } from "@aggregator/contracts/usage-events";
import { collectCells, storeCells } from "./collect-cells.ts";
import type { Engine } from "./engine.ts";

const MAX_BACKOFF_MS = 60_000;

export interface Outbox {
  /** Tells analytics everything it has not been told. Throws when the queue refuses: nothing is then forgotten. */
  flush(): Promise<void>;
  /** When to try again: the configured delay, doubled for each failure in a row up to a minute. */
  delayMs(configuredMs: number): number;
}

/**
 * The ledger is the outbox: what lies beyond `exported_seq` has not been told. Sent first and stored
 * afterwards, so a crash repeats a message and never loses one; a repeat carries the same totals.
 */
export function createOutbox(options: {
  readonly companyId: string;
  readonly engine: Engine;
  readonly queue: Pick<Queue<UsageMessage>, "send">;
  readonly now: () => number;
}): Outbox {
  const { companyId, engine, queue, now } = options;
  let flushing = false;
  let failures = 0;
  const drain = async (): Promise<void> => {
    for (let told = engine.run(collectCells); told !== null; told = engine.run(collectCells)) {
      const { cells, throughSeq } = told;
      const collected = told;
      if (cells.length > 0) {
        await queue.send({
          version: USAGE_MESSAGE_VERSION,
          company_id: companyId,
          through_seq: throughSeq,
          sent_at_ms: now(),
          cells: [...cells],
        });
      }
      engine.run((account) => storeCells(account, collected));
    }
  };
  return {
    delayMs: (configuredMs) => Math.min(configuredMs * 2 ** failures, Math.max(configuredMs, MAX_BACKOFF_MS)),
    async flush() {
      if (flushing) return;
      flushing = true;
      try {
        await drain();
        failures = 0;
      } catch (error) {
        failures = Math.min(failures + 1, 16);
        throw error;
      } finally {
        flushing = false;
      }
    },
  };
}
