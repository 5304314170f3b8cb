import { contentPrefix } from "@aggregator/runtime/content-names";
import { defectFields, type Logger } from "@aggregator/runtime/log";
import type { Database } from "../db/client.ts";
import { type ContentPolicyRow, listToSweep, noteSwept } from "../db/content-policies.ts";
import { arrivedAtMs, expiresAtMs } from "../domain/content-retention.ts";
import { tellPolicy } from "./tell-policy.ts";

const COMPANIES_PER_SWEEP = 20;
/** As many as R2 lists and deletes in one call. */
const OBJECTS_PER_PAGE = 1_000;
const PAGES_PER_COMPANY = 10;

/**
 * Deletes stored content that is past its retention, the longest unswept companies first. Names sort by
 * time, so a sweep reads no further than the first object that stays. Returns how many were deleted; what
 * fails is logged and comes again.
 */
export async function sweepContent(db: Database, bucket: R2Bucket, nowMs: number, log: Logger): Promise<number> {
  let deleted = 0;
  for (const policy of await listToSweep(db, COMPANIES_PER_SWEEP)) {
    try {
      // A change whose object was not written after its row reaches the proxies here.
      const { isEnabled: is_enabled, retentionDays: retention_days } = policy;
      await tellPolicy(bucket, policy.companyId, { is_enabled, retention_days });
      deleted += await sweepCompany(bucket, policy, nowMs);
      await noteSwept(db, policy.companyId, nowMs);
    } catch (error) {
      log.error("content_not_swept", { company_id: policy.companyId, ...defectFields(error) });
    }
  }
  return deleted;
}

async function sweepCompany(bucket: R2Bucket, policy: ContentPolicyRow, nowMs: number): Promise<number> {
  const prefix = contentPrefix(policy.companyId);
  let deleted = 0;
  for (let page = 0; page < PAGES_PER_COMPANY; page += 1) {
    const { objects, truncated } = await bucket.list({ prefix, limit: OBJECTS_PER_PAGE });
    const names = objects.map(({ key }) => key).filter((name) => isExpired(name.slice(prefix.length), policy, nowMs));
    if (names.length > 0) await bucket.delete(names);
    deleted += names.length;
    if (!truncated || names.length < objects.length) break;
  }
  return deleted;
}

function isExpired(requestId: string, policy: ContentPolicyRow, nowMs: number): boolean {
  const arrivedMs = arrivedAtMs(requestId);
  return arrivedMs === null || expiresAtMs(arrivedMs, policy) <= nowMs;
}
