import { NOTICE_MESSAGE_VERSION, type NoticeMessage } from "@aggregator/contracts/notices";
import type { HealthEvent } from "./health-book.ts";

const DAY_MS = 86_400_000;

/** What the operators are told. Ids by what happened: one that is sent again is told once. */
export function noticesOf(provider: string, events: readonly HealthEvent[]): NoticeMessage[] {
  return events.map((event): NoticeMessage => {
    const base = { version: NOTICE_MESSAGE_VERSION, type: "notice", company_id: null } as const;
    switch (event.kind) {
      case "down":
        return {
          ...base,
          id: `provider_down:${provider}:${event.sinceMs}`.slice(0, 128),
          kind: "provider_down",
          occurred_at_ms: event.sinceMs,
          data: { provider, reason: event.reason, since_ms: event.sinceMs },
        };
      case "recovered":
        return {
          ...base,
          id: `provider_recovered:${provider}:${event.sinceMs}`.slice(0, 128),
          kind: "provider_recovered",
          occurred_at_ms: event.atMs,
          data: { provider, down_ms: event.atMs - event.sinceMs },
        };
      case "quarantined":
        return {
          ...base,
          // Once a day: it is tried again now and then, and refused again.
          id: `credential_quarantined:${event.credentialId}:${Math.floor(event.atMs / DAY_MS)}`.slice(0, 128),
          kind: "credential_quarantined",
          occurred_at_ms: event.atMs,
          data: { provider, credential_id: event.credentialId.slice(0, 128), reason: event.reason },
        };
    }
  });
}
