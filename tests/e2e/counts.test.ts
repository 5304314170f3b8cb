import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { countRequests } from "../../bench/counting/count-requests.ts";
import { startMock } from "../../bench/mock/start-mock.ts";

const REQUESTS = 20;

describe("what a warm request uses, counted in the production bundles", () => {
  it("no D1 read, one call to the account before the provider and one after, at most 4 rows, no queue message of its own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aggregator-counts-"));
    const mock = await startMock();
    try {
      const { during, inAll } = await countRequests({
        folder,
        mockPort: mock.port,
        requests: REQUESTS,
        aftermathMs: 7_000,
        // Answers of a busy machine may take longer than production's 10 ms.
        env: { DISPATCH_MARK_MS: "5000" },
      });
      expect(during.d1Statements).toBe(0);
      // The gateway's call to the proxy; the proxy tells the orchestrator of providers by time, not by request.
      expect(during.serviceCalls).toBeGreaterThanOrEqual(REQUESTS);
      expect(during.serviceCalls).toBeLessThan(2 * REQUESTS);
      // Exactly two each when nothing is shared; a late ending may travel with the next request's reserve.
      expect(during.accountCalls).toBeLessThanOrEqual(2 * REQUESTS);
      expect(during.accountCalls).toBeGreaterThan(REQUESTS);
      expect(during.rowsWritten).toBeLessThanOrEqual(4 * REQUESTS);
      expect(during.rowsWritten).toBeGreaterThanOrEqual(2 * REQUESTS);
      // What follows is told once for all of them: usage events, metrics, the account's own notes.
      expect(inAll.queueMessages).toBeLessThan(REQUESTS / 2);
      expect(inAll.queueMessages).toBeGreaterThan(0);
      expect(inAll.rowsWritten - during.rowsWritten).toBeLessThan(REQUESTS / 2);
      expect(inAll.alarmsSet).toBeLessThan(REQUESTS / 2);
    } finally {
      mock.stop();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
