import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { clearDatabase } from "./clear-database.ts";
import { deliver } from "./deliver.ts";
import message from "./fixtures/usage-message-v1.json";

beforeEach(async () => {
  await clearDatabase();
});

describe("a usage message of version 1, kept as it was sent", () => {
  it("is counted and acknowledged, also when it comes twice", async () => {
    for (const id of ["first", "again"]) {
      const result = await deliver("usage-events", [{ id, body: message }]);
      expect(result.explicitAcks).toEqual([id]);
    }
    const row = await env.DB.prepare("SELECT requests, price_nano_usd, version FROM usage_hourly").all();
    expect(row.results).toEqual([{ requests: 3, price_nano_usd: 111, version: 4 }]);
  });
});
