import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { openDatabase } from "../src/db/client.ts";
import { listDeadLetters } from "../src/operations/list-dead-letters.ts";
import { replayDeadLetter } from "../src/operations/replay-dead-letter.ts";
import { actorOf, cell, message, operator, T0_MS } from "./builders.ts";
import { clearDatabase } from "./clear-database.ts";
import { deliver } from "./deliver.ts";

const db = openDatabase(env.DB);

beforeEach(clearDatabase);

describe("dead letters", () => {
  it("are listed newest first with their reason, page by page", async () => {
    for (const id of ["m1", "m2", "m3"]) await deliver("usage-events", [{ id, body: { version: 2 } }]);
    await env.DB.prepare("UPDATE dead_letters SET received_at_ms = 1000 WHERE id <> 'm3'").run();
    const first = await listDeadLetters(db, operator(), { limit: "2" });
    if (!first.ok) throw new Error(first.error.message);
    expect(first.value.data.map(({ id }) => id)).toEqual(["m3", "m2"]);
    expect(first.value.data[0]?.reason).toContain("version: Invalid input: expected 1");
    const second = await listDeadLetters(db, operator(), { limit: "2", cursor: first.value.nextCursor });
    expect(second).toMatchObject({ ok: true, value: { data: [{ id: "m1" }], nextCursor: null } });
  });

  it("case 61: are counted when replayed, once however often", async () => {
    await deliver("usage-events-dead", [{ id: "dead", body: message("company-1", [cell({ price_nano_usd: 77 })]) }]);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const answer = await replayDeadLetter(db, operator(), "dead", T0_MS);
      expect(answer).toMatchObject({ ok: true, value: { id: "dead", replayed_at: "2026-11-20T00:00:00.000Z" } });
    }
    expect(await env.DB.prepare("SELECT sum(price_nano_usd) AS price FROM usage_hourly").first("price")).toBe(77);
  });

  it("that still cannot be counted say why and stay", async () => {
    await deliver("usage-events", [{ id: "poison", body: { version: 7 } }]);
    const answer = await replayDeadLetter(db, operator(), "poison", T0_MS);
    expect(answer).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect(await env.DB.prepare("SELECT replayed_at_ms FROM dead_letters").first()).toEqual({ replayed_at_ms: null });
  });

  it("that do not exist are not found", async () => {
    const answer = await replayDeadLetter(db, operator(), "none", T0_MS);
    expect(answer).toMatchObject({ ok: false, error: { code: "not_found" } });
  });

  it("are for operators only", async () => {
    const denied = { ok: false, error: { code: "permission_denied" } };
    expect(await listDeadLetters(db, actorOf("company-1"), {})).toMatchObject(denied);
    expect(await replayDeadLetter(db, actorOf("company-1"), "dead", T0_MS)).toMatchObject(denied);
  });
});
