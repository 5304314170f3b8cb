import { setTimeout as sleep } from "node:timers/promises";
import type { Platform, Tenant } from "../walk/platform.ts";

export interface Balance {
  readonly posted_nano_usd: number;
  readonly held_nano_usd: number;
  readonly available_nano_usd: number;
  readonly available: string;
}

export interface Entry {
  readonly request_id: string | null;
  readonly kind: string;
  readonly amount_nano_usd: number;
  readonly balance_after_nano_usd: number;
  readonly provider: string | null;
  readonly model: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A company's money, as the company sees it. */
export class Ledger {
  readonly #platform: Platform;
  readonly #token: string;

  constructor(platform: Platform, tenant: Pick<Tenant, "token">) {
    this.#platform = platform;
    this.#token = tenant.token;
  }

  async balance(): Promise<Balance> {
    return (await this.#get("/v1/billing/balance")) as Balance;
  }

  /** All entries, newest first; of one request where its id is given. */
  async entries(requestId?: string): Promise<readonly Entry[]> {
    const all: Entry[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.#get(`/v1/billing/transactions?limit=100${query}`);
      const { data, next_cursor: next } = page as { data: readonly Entry[]; next_cursor: string | null };
      all.push(...data);
      cursor = next;
    }
    return requestId === undefined ? all : all.filter((entry) => entry.request_id === requestId);
  }

  /** What a request was charged, once it is; throws when there is not exactly one charge by then. */
  async chargeOf(requestId: string, withinMs = 5_000): Promise<Entry> {
    const charges = await until(withinMs, async () => {
      const found = (await this.entries(requestId)).filter(({ kind }) => kind === "charge");
      return found.length > 0 ? found : null;
    });
    const [charge] = charges;
    if (charge === undefined || charges.length > 1) throw new Error(`${charges.length} charges of ${requestId}`);
    return charge;
  }

  /** Waits until nothing is held. */
  async settled(withinMs = 5_000): Promise<Balance> {
    return until(withinMs, async () => {
      const balance = await this.balance();
      return balance.held_nano_usd === 0 ? balance : null;
    });
  }

  async receipt(requestId: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#get(`/v1/requests/${requestId}`)) as Readonly<Record<string, unknown>>;
  }

  async #get(path: string): Promise<unknown> {
    const answer = await this.#platform.send("GET", path, { headers: { authorization: `Bearer ${this.#token}` } });
    if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** The first value that is not null, asked for again and again. Throws after `withinMs`. */
export async function until<Value>(withinMs: number, ask: () => Promise<Value | null>): Promise<Value> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (value !== null) return value;
    if (performance.now() > deadline) throw new Error(`nothing within ${withinMs} ms`);
    await sleep(50);
  }
}
