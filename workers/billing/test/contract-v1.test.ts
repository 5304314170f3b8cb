import { env } from "cloudflare:workers";
import { newId } from "@aggregator/runtime/new-id";
import type { AccountExchange, Checkpoint } from "@aggregator/contracts/account";
import { describe, expect, it } from "vitest";
import fixture from "./fixtures/account-v1.json";

/**
 * What the first version's callers send, kept as it was: never changed to suit the code. JSON's types
 * are wider than the contract's, which is the point: an old caller is not type-checked against today.
 */
const v1 = fixture as unknown as {
  readonly open: AccountExchange;
  readonly checkpoint: Checkpoint;
  readonly close: AccountExchange;
};

describe("a proxy of the version before that meets today's account", () => {
  it("reserves, checkpoints, settles and releases as it did", async () => {
    const account = env.COMPANY_ACCOUNT.getByName(newId());
    const before = (await account.balance()).posted_nano_usd;
    const opened = await account.exchange(v1.open);
    expect(opened.ended).toEqual([]);
    expect(opened.reserved.map((reserved) => reserved.ok && reserved.value)).toEqual([
      expect.objectContaining({ holdNanoUsd: 1_000, markupBps: 0, tokens: null }),
      expect.objectContaining({ holdNanoUsd: 1_000 }),
      expect.objectContaining({ holdNanoUsd: 1_000 }),
    ]);
    expect(opened.reserved[0]).toMatchObject({ value: { requests: { limit: 600 } } });
    expect(await account.checkpoint(v1.checkpoint)).toEqual({
      ok: true,
      value: { holdNanoUsd: 2_000, cancelRequested: false },
    });
    expect((await account.exchange(v1.close)).ended).toEqual(["applied", "applied", "applied"]);
    expect(await account.balance()).toMatchObject({ posted_nano_usd: before - 37, held_nano_usd: 1_000 });
  });

  it("repeats after a lost reply change nothing, by `exchange` or by `reserve` and `end`", async () => {
    const account = env.COMPANY_ACCOUNT.getByName(newId());
    await account.exchange(v1.open);
    await account.exchange(v1.close);
    const after = await account.balance();
    expect(await account.end(v1.close.endings)).toEqual(["repeated", "repeated", "repeated"]);
    const [, , third] = v1.open.reserves;
    expect(third === undefined ? null : await account.reserve(third)).toMatchObject({ ok: true });
    expect(await account.balance()).toEqual(after);
  });
});
