import type { AccountExchange, AccountExchanged } from "@aggregator/contracts/account";
import type { Env } from "../env.ts";
import { AccountChannel, type Pause } from "./account-channel.ts";
import { disposeReply } from "./dispose-reply.ts";

const channels = new Map<string, AccountChannel>();

const clock = {
  now: Date.now,
  pause: (ms: number): Pause => {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    return { over, cancel: () => clearTimeout(timer) };
  },
};

/** Uses the isolate's channel to a company's account, and forgets it when nobody needs it any more. */
export async function withChannel<Value>(
  companyId: string,
  use: (channel: AccountChannel) => Promise<Value>,
): Promise<Value> {
  const channel = channels.get(companyId) ?? new AccountChannel(clock);
  channels.set(companyId, channel);
  try {
    return await use(channel);
  } finally {
    if (channel.isIdle && channels.get(companyId) === channel) channels.delete(companyId);
  }
}

/** One call to the account. A stub is broken after an exception, so each call makes its own. */
export async function sendExchange(env: Env, companyId: string, items: AccountExchange): Promise<AccountExchanged> {
  const reply = await env.COMPANY_ACCOUNT.getByName(companyId).exchange(items);
  disposeReply(reply);
  return reply;
}
