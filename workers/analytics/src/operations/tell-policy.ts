import type { ContentPolicy } from "@aggregator/contracts/content";
import { policyName } from "@aggregator/runtime/content-names";

/** Writes what the proxies read: a company's policy, in force everywhere within a minute. */
export async function tellPolicy(bucket: R2Bucket, companyId: string, policy: ContentPolicy): Promise<void> {
  const { is_enabled, retention_days } = policy;
  await bucket.put(policyName(companyId), JSON.stringify({ is_enabled, retention_days }));
}
