import type { JsonObject } from "@aggregator/contracts/json";
import type { RequestView } from "@aggregator/contracts/billing";
import type { Attempt, RequestRecord } from "@aggregator/contracts/request-record";
import type { Account } from "./account.ts";
import type { Opening } from "./book.ts";
import { ownJson, type ReservationRow } from "./load-book.ts";
import { pinnedMarkupOf } from "./pin-markup.ts";

/** One request of the company, undefined when it has none of that id. */
export function readRequest(account: Account, id: string): RequestView | undefined {
  const row = account.sql.first<ReservationRow>("SELECT * FROM reservation WHERE id = ?", id);
  return row === undefined ? undefined : requestView(row);
}

/** A row as the company sees it. */
export function requestView(row: ReservationRow): RequestView {
  const opening = ownJson<Opening>(row.opening);
  const { subject } = opening;
  const record = row.record === null ? null : ownJson<RequestRecord>(row.record);
  return {
    id: row.id,
    state: row.state,
    endpoint: subject.endpoint,
    requested_model: subject.requestedModel,
    model: record?.model ?? null,
    provider: record?.provider ?? null,
    key_id: row.key_id,
    stream: subject.stream,
    status: record?.status ?? null,
    error_code: record?.errorCode ?? null,
    usage: record?.usage ?? null,
    usage_quality: record?.usageQuality ?? null,
    price_version: record?.priceVersion ?? subject.priceVersion,
    minimum_applied: record?.minimumApplied ?? false,
    credential_owner: record?.credentialOwner ?? null,
    markup_bps: pinnedMarkupOf(opening, row.markup_bps, record?.model ?? null),
    cost_nano_usd: row.price,
    held_nano_usd: row.state === "held" ? row.hold : 0,
    latency_ms: record?.latencyMs ?? null,
    time_to_first_token_ms: record?.timeToFirstTokenMs ?? null,
    client_disconnected: record?.clientDisconnected ?? false,
    cache: record?.cache ?? null,
    client_request_id: record?.clientRequestId ?? null,
    attempts: record?.attempts.map(attemptView) ?? [],
    created_at: new Date(row.created_at).toISOString(),
    finished_at: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
  };
}

/** What a company may see of an attempt: not what the platform lost on it. */
function attemptView(attempt: Attempt): JsonObject {
  return {
    provider: attempt.provider,
    outcome: attempt.outcome,
    status: attempt.status,
    started_at: new Date(attempt.startedAtMs).toISOString(),
    first_byte_ms: attempt.firstByteMs,
    duration_ms: attempt.durationMs,
  };
}
