import type { Ending, EndingOutcome } from "@aggregator/contracts/account";
import { withDeadline } from "@aggregator/runtime/with-deadline";
import type { Env } from "../env.ts";
import { sendExchange, withChannel } from "./open-channel.ts";

/** Below the 30 s that the platform gives `waitUntil`. */
const GIVE_UP_AFTER_MS = 25_000;
const CALL_TIMEOUT_MS = 5_000;

/**
 * Brings an ending to the company's account, grouped with others of this isolate; retried with a new
 * stub until about 25 s. Resolves when it is acknowledged (null: it was not; the account's lease sweeper
 * ends the request then). Never rejects.
 */
export function submitEnding(env: Env, companyId: string, ending: Ending): Promise<EndingOutcome | null> {
  return withChannel(companyId, (channel) =>
    channel.end(
      ending,
      (items) => withDeadline(sendExchange(env, companyId, items), CALL_TIMEOUT_MS),
      GIVE_UP_AFTER_MS,
    ),
  );
}
