import type { Call } from "../call.ts";
import { noticeOf, tell } from "./tell.ts";

/** Tells somebody, at its address, what changed about its own account. */
export function tellSecurity(call: Call, to: string, event: string): void {
  const data = { to, event, ip: call.context.clientIp ?? null };
  tell(call, [noticeOf(call, null, { kind: "security_alert", data })]);
}
