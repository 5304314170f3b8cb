import type { ErrorCode, Result } from "@aggregator/contracts/result";
import { env } from "cloudflare:workers";
import type { RecordedCall, Script, Scripts } from "../doubles/service.ts";

export interface ProxiedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The control methods that test/doubles/service.ts has beside the contract's. */
interface Double {
  script(next: Scripts): Promise<void>;
  calls(): Promise<readonly RecordedCall[]>;
}

/** A binding is bound to a double in tests (vitest.config.ts), which its type cannot know. */
function double(binding: object): Double {
  return binding as unknown as Double;
}

export const auth = double(env.AUTH);
export const billing = double(env.BILLING);
export const orchestrator = double(env.ORCHESTRATOR);
export const analytics = double(env.ANALYTICS);
export const notifications = double(env.NOTIFICATIONS);
export const proxy = double(env.PROXY);

export function answers(value?: unknown): Script {
  return { answer: { ok: true, value } satisfies Result<unknown> };
}

export function refuses(code: ErrorCode, message = "no", details: object = {}): Script {
  return { answer: { ok: false, error: { code, message, ...details } } };
}

/** How often a method was called. */
export async function countOf(of: Double, method: string): Promise<number> {
  return (await of.calls()).filter((call) => call.method === method).length;
}

/** The arguments of the only call of a method. */
export async function argumentsOf(of: Double, method: string): Promise<readonly unknown[]> {
  const calls = (await of.calls()).filter((call) => call.method === method);
  if (calls.length !== 1 || calls[0] === undefined) throw new Error(`${method} was called ${calls.length} times`);
  return calls[0].args;
}

/** The only request that reached the proxy. */
export async function proxied(): Promise<ProxiedRequest> {
  const [request] = await argumentsOf(proxy, "fetch");
  return request as ProxiedRequest;
}
