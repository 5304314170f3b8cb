import type { AuditView, LedgerFindingView, RestoredDayView } from "@aggregator/contracts/ledger-checks";
import type { ProviderFindingView } from "@aggregator/contracts/provider-costs";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";

const Signed = NanoUsd.openapi({ description: "Signed: the sum of credits and charges." });

export const LedgerFinding = z
  .object({
    id: z.string(),
    day: z.string().openapi({ description: "UTC", example: "2026-11-23" }),
    company_id: z.string(),
    ledger_nano_usd: Signed,
    total_nano_usd: Signed,
    ledger_entries: z.number().int(),
    total_entries: z.number().int(),
    found_at: Time,
  })
  .openapi("LedgerFinding") satisfies z.ZodType<LedgerFindingView>;

export const ProviderFinding = z
  .object({
    id: z.string(),
    day: z.string().openapi({ description: "UTC", example: "2026-11-23" }),
    provider: z.string().openapi({ example: "openai" }),
    ledger_nano_usd: NanoUsd.openapi({ description: "What our requests cost there, by the ledgers." }),
    provider_nano_usd: NanoUsd.openapi({ description: "What it says that it billed." }),
    difference_nano_usd: NanoUsd.openapi({ description: "The report less the ledgers." }),
    found_at: Time,
  })
  .openapi("ProviderFinding") satisfies z.ZodType<ProviderFindingView>;

export const CompareInput = z
  .object({ company_id: z.string(), day: z.string().openapi({ example: "2026-11-23" }) })
  .openapi("LedgerCompareInput");

export const Audit = z
  .object({
    company_id: z.string(),
    entries: z.number().int().openapi({ description: "Entries that were replayed." }),
    balance_nano_usd: NanoUsd.openapi({ description: "What they add up to." }),
    ties: z.boolean(),
    faults: z.array(z.string()).readonly().openapi({ description: "In words, at most twenty." }),
  })
  .openapi("Audit") satisfies z.ZodType<AuditView>;

export const UnfreezeInput = z
  .object({ reason: z.string().openapi({ example: "Checked by hand, ticket 4711" }) })
  .openapi("UnfreezeInput");

export const RestoreInput = z
  .object({ day: z.string().openapi({ description: "UTC", example: "2026-08-01" }) })
  .openapi("LedgerRestoreInput");

export const RestoredDay = z
  .object({
    company_id: z.string(),
    day: z.string(),
    entries: z.number().int().openapi({ description: "Entries of the day that are in the account again." }),
  })
  .openapi("RestoredDay") satisfies z.ZodType<RestoredDayView>;
