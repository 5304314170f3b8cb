import { ContentPolicy } from "@aggregator/contracts/content";
import { policyName } from "@aggregator/runtime/content-names";
import { defectFields, type Logger } from "@aggregator/runtime/log";
import { withDeadline } from "@aggregator/runtime/with-deadline";

/** How long an isolate believes a policy; a change is in force everywhere after it. */
const BELIEVED_MS = 60_000;
const READ_TIMEOUT_MS = 5_000;
const MAX_COMPANIES = 10_000;

interface Known {
  readonly isEnabled: boolean;
  readonly atMs: number;
}

/** By company, oldest first. */
const known = new Map<string, Known>();

/**
 * Whether a company has its content stored: at once where this isolate knows, else a promise, which never
 * rejects. Read about once a minute for each company; no request waits for it: what comes before the answer
 * is kept in memory until then.
 */
export function wantsContent(
  bucket: R2Bucket,
  companyId: string,
  nowMs: number,
  log: Logger,
): boolean | Promise<boolean> {
  const before = known.get(companyId);
  if (before !== undefined && nowMs - before.atMs < BELIEVED_MS) return before.isEnabled;
  // Believed on while it is read again, so that one request reads and not all of them.
  if (before !== undefined) remember(companyId, { ...before, atMs: nowMs });
  return readPolicy(bucket, companyId).then(
    (isEnabled) => {
      remember(companyId, { isEnabled, atMs: nowMs });
      return isEnabled;
    },
    (error: unknown) => {
      log.warn("content_policy_not_read", { company_id: companyId, ...defectFields(error) });
      // Not known is no: nothing is stored that nobody asked for.
      return before?.isEnabled ?? false;
    },
  );
}

async function readPolicy(bucket: R2Bucket, companyId: string): Promise<boolean> {
  const object = await withDeadline(bucket.get(policyName(companyId)), READ_TIMEOUT_MS);
  return object !== null && ContentPolicy.parse(await object.json()).is_enabled;
}

function remember(companyId: string, policy: Known): void {
  known.delete(companyId);
  if (known.size >= MAX_COMPANIES) {
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
  known.set(companyId, policy);
}
