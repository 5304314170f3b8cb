import type { EndedKey, LeakLabel, LeakReport } from "@aggregator/contracts/accounts";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { parseJson } from "@aggregator/runtime/parse-json";
import { z } from "zod";
import type { Call } from "../call.ts";
import { type ApiKeyRow, endRotatedSecret, revokeApiKeyRow, selectKeysBySecrets } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { isWellFormedApiKey } from "../domain/api-key.ts";
import { companyActor } from "../domain/company-actor.ts";
import { isSignedByGitHub } from "../leaks/github-keys.ts";
import { noticeOf, tell } from "../notices/tell.ts";

const Found = z
  .array(
    z.object({
      token: z.string().max(4_096),
      type: z.string().max(200),
      url: z.string().max(2_048).catch(""),
      source: z.string().max(100).catch("unknown"),
    }),
  )
  .max(1_000);
type Found = z.infer<typeof Found>[number];

/** D1 binds 100 values, and a hash is bound twice. */
const HASHES_PER_QUERY = 40;

/**
 * Takes GitHub's report of secrets that it found in public: each key of ours among them is revoked, its
 * company told, and the answer says which were real. A secret that was rotated away ends alone, its key
 * goes on. A repeat answers alike, so that accounts that were not reached are told again. `not_found`
 * where no keys of GitHub are configured; `invalid_request` unless GitHub signed the very bytes.
 */
export async function reportLeakedKeys(
  call: Call,
  report: { readonly body: string; readonly keyId: string; readonly signature: string },
): Answer<LeakReport> {
  const url = call.config.GITHUB_KEYS_URL;
  if (url === "") return err("not_found", "Reports of leaked keys are not taken here.");
  if (!(await isSignedByGitHub(url, report, call.nowMs))) return UNSIGNED;
  const json = parseJson(report.body);
  if (!json.ok) return json;
  const parsed = parseInput(Found, json.value.value);
  if (!parsed.ok) return parsed;

  const keys = await keysBySecret(call, parsed.value);
  const labels: LeakLabel[] = [];
  const ended = new Map<string, EndedKey>();
  for (const found of parsed.value) {
    const known = keys.get(found.token);
    const label = known === undefined ? "false_positive" : "true_positive";
    labels.push({ token_raw: found.token, token_type: found.type, label });
    if (known === undefined) continue;
    if (known.hash === known.key.keyHash) {
      await endKey(call, known.key, found);
      ended.set(known.key.id, { actor: companyActor(known.key.companyId), keyId: known.key.id });
    } else await endSecret(call, known.key, found);
  }
  return ok({ labels, ended: [...ended.values()] });
}

const UNSIGNED = err("invalid_request", "The report is not signed by GitHub.", {
  param: "github-public-key-signature",
});

async function keysBySecret(call: Call, all: readonly Found[]) {
  const tokens = [...new Set(all.map(({ token }) => token))].filter((token) => isWellFormedApiKey(token));
  const hashed = await Promise.all(tokens.map(async (token) => ({ token, hash: await sha256Hex(token) })));
  const known = new Map<string, { readonly key: ApiKeyRow; readonly hash: string }>();
  for (let at = 0; at < hashed.length; at += HASHES_PER_QUERY) {
    const part = hashed.slice(at, at + HASHES_PER_QUERY);
    const rows = await selectKeysBySecrets(
      call.db,
      part.map(({ hash }) => hash),
    );
    for (const { token, hash } of part) {
      const key = rows.find((row) => row.keyHash === hash || row.previousKeyHash === hash);
      if (key !== undefined) known.set(token, { key, hash });
    }
  }
  return known;
}

async function endKey(call: Call, key: ApiKeyRow, found: Found): Promise<void> {
  const [revoked] = await call.db.batch([
    revokeApiKeyRow(call.db, key.companyId, key.id, call.nowMs),
    auditLeak(call, key, found, { is_active: false }),
  ]);
  if (revoked.meta.changes > 0) {
    call.log.warn("api_key_leaked", { request_id: call.context.requestId, company_id: key.companyId, key_id: key.id });
  }
  // Also for a repeat: the same id is heard once, and the first message may not have been queued.
  const data = { key_id: key.id, key_name: key.name, source: found.source, is_revoked: true };
  tell(call, [noticeOf(call, key.companyId, { kind: "key_leaked", data }, `key_leaked/${key.id}`)]);
}

async function endSecret(call: Call, key: ApiKeyRow, found: Found): Promise<void> {
  await call.db.batch([
    endRotatedSecret(call.db, key, call.nowMs),
    auditLeak(call, key, found, { previous_secret_expires_at: new Date(call.nowMs).toISOString() }),
  ]);
}

function auditLeak(
  call: Call,
  key: ApiKeyRow,
  { source, url, token }: Found,
  after: Readonly<Record<string, string | boolean>>,
) {
  return auditIfChanged(call, {
    actor: { kind: "system", companyId: key.companyId, memberId: null, keyId: null },
    action: "api_key.leaked",
    targetId: key.id,
    // A link to the place, unless it carries the secret itself.
    after: { ...after, source, url: url.includes(token) ? null : url },
  });
}
