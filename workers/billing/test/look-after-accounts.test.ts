import type { UsageMessage } from "@aggregator/contracts/usage-events";
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import { beforeEach, describe, expect, it } from "vitest";
import { retellCells } from "../src/account/retell-cells.ts";
import { createOutbox } from "../src/account/outbox.ts";
import { endRequest } from "../src/account/end-request.ts";
import { reserve } from "../src/account/reserve.ts";
import { listAccount, takeAccountsToPoke } from "../src/db/accounts.ts";
import { openDatabase } from "../src/db/client.ts";
import { pokeAccounts } from "../src/operations/poke-accounts.ts";
import { until } from "./support/billing.ts";
import { aReserve, aSettlement, requestId } from "./support/builders.ts";
import { openEngine } from "./support/open-engine.ts";

const DAY_MS = 86_400_000;
const T0_MS = Date.UTC(2026, 10, 23, 12);
const db = openDatabase(env.DB);

/** The list as it was before any account of an earlier test rang its alarm again. */
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM accounts").run();
});

async function isListed(companyId: string): Promise<boolean> {
  return (await env.DB.prepare("SELECT 1 FROM accounts WHERE company_id = ?").bind(companyId).first()) !== null;
}

describe("the list of active accounts", () => {
  it("has an account after its first alarm, off the request's path", async () => {
    const companyId = newId();
    const account = env.COMPANY_ACCOUNT.getByName(companyId);
    await account.reserve(aReserve({ requestId: newId() }));
    expect(await isListed(companyId)).toBe(false);
    await runDurableObjectAlarm(account);
    await until(async () => expect(await isListed(companyId)).toBe(true));
  });

  it("is written at most twice a day for an account", async () => {
    const written = async (nowMs: number) => {
      await listAccount(db, "c", nowMs);
      return env.DB.prepare("SELECT active_at_ms FROM accounts WHERE company_id = 'c'").first("active_at_ms");
    };
    expect(await written(T0_MS)).toBe(T0_MS);
    expect(await written(T0_MS + DAY_MS / 2)).toBe(T0_MS);
    expect(await written(T0_MS + DAY_MS / 2 + 1)).toBe(T0_MS + DAY_MS / 2 + 1);
  });

  it("is looked through in turn", async () => {
    for (const [index, companyId] of ["a", "b", "c"].entries()) await listAccount(db, companyId, T0_MS + index);
    expect(await takeAccountsToPoke(db, T0_MS + 10, 2)).toEqual(["a", "b"]);
    expect(await takeAccountsToPoke(db, T0_MS + 20, 2)).toEqual(["c", "a"]);
  });
});

describe("the cron", () => {
  it("sets an alarm again that was lost while there is something to tell", async () => {
    const companyId = newId();
    const account = env.COMPANY_ACCOUNT.getByName(companyId);
    await account.reserve(aReserve({ requestId: newId() }));
    await runInDurableObject(account, (_, { storage }) => storage.deleteAlarm());
    await listAccount(db, companyId, T0_MS);
    await pokeAccounts(env, Date.now());
    expect(await runInDurableObject(account, (_, { storage }) => storage.getAlarm())).not.toBeNull();
  });

  it("leaves an account alone that was quiet for a week and has told everything", async () => {
    const companyId = newId();
    const account = env.COMPANY_ACCOUNT.getByName(companyId);
    await account.balance();
    while (await runDurableObjectAlarm(account));
    await listAccount(db, companyId, T0_MS);
    await until(async () => expect(await isListed(companyId)).toBe(true));
    await env.DB.prepare("UPDATE accounts SET active_at_ms = 0 WHERE company_id = ?").bind(companyId).run();
    await pokeAccounts(env, T0_MS + 8 * DAY_MS);
    expect(await isListed(companyId)).toBe(false);
  });
});

describe("an account that tells its usage again", () => {
  it("tells the same numbers, under the same versions, that the ledger's entries gave", async () => {
    await runInDurableObject(env.COMPANY_ACCOUNT.getByName(newId()), async (_, { storage }) => {
      const { engine, clock } = openEngine(storage, { creditNanoUsd: 1_000_000_000 });
      const messages: UsageMessage[] = [];
      const queue = {
        send: (message: UsageMessage) => {
          messages.push(structuredClone(message));
          return Promise.resolve({ metadata: { metrics: { backlogCount: 0, backlogBytes: 0 } } });
        },
      };
      const options = { companyId: "company-1", engine, queue, now: () => clock.nowMs };
      for (let index = 0; index < 250; index += 1) {
        clock.nowMs += 60_000;
        const id = requestId(clock.nowMs, index);
        engine.run((account) => reserve(account, aReserve({ requestId: id, keyId: `key-${index % 120}` })));
        engine.run((account) => endRequest(account, aSettlement(id, index)));
      }
      await createOutbox(options).flush();
      const told = newestOf(messages.splice(0));
      expect(await retellCells(options)).toBe(told.size);
      expect(messages.length).toBeGreaterThan(1);
      expect(newestOf(messages.splice(0))).toEqual(told);
    });
  });
});

/** Of each cell its newest state, by name. */
function newestOf(messages: readonly UsageMessage[]): Map<string, UsageMessage["cells"][number]> {
  const newest = new Map<string, UsageMessage["cells"][number]>();
  for (const cell of messages.flatMap(({ cells }) => cells)) {
    const name = JSON.stringify([cell.key_id, cell.hour_ms, cell.model, cell.provider, cell.endpoint, cell.status]);
    const known = newest.get(name);
    if (known === undefined || cell.version > known.version) newest.set(name, cell);
  }
  return newest;
}
