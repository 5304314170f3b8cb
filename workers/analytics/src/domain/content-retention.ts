import { DAY_MS } from "./calendar.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** When a request arrived, by its id; null for what is no id of ours. */
export function arrivedAtMs(requestId: string): number | null {
  return UUID_V7.test(requestId) ? Number.parseInt(requestId.slice(0, 8) + requestId.slice(9, 13), 16) : null;
}

export interface Retention {
  readonly isEnabled: boolean;
  readonly retentionDays: number;
}

/** When what was stored of a request is to be gone: at once where nothing is to be stored any more. */
export function expiresAtMs(arrivedMs: number, { isEnabled, retentionDays }: Retention): number {
  return isEnabled ? arrivedMs + retentionDays * DAY_MS : 0;
}
