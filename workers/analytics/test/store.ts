import type { UsageCell } from "@aggregator/contracts/usage-events";
import { env } from "cloudflare:workers";
import { openDatabase } from "../src/db/client.ts";
import { upsertCells } from "../src/db/upsert-cells.ts";
import { message, T0_MS } from "./builders.ts";
import { latestCells } from "../src/domain/latest-cells.ts";

/** Stores cells as the consumer does at `nowMs`; returns the rows written. */
export function store(companyId: string, cells: readonly UsageCell[], nowMs = T0_MS): Promise<number> {
  return upsertCells(openDatabase(env.DB), latestCells([message(companyId, cells)]), nowMs);
}
