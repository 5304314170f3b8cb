import type { EndingOutcome } from "@aggregator/contracts/account";

const DAY_MS = 86_400_000;

interface ModelReservation {
  readonly owners: readonly string[];
  state: "held" | "settled" | "released" | "expired";
  hold: number;
  prompt: number;
  leaseUntil: number;
  dispatched: boolean;
  checkpoint: number | null;
  price: number;
  bySweeper: boolean;
}

/** The account as a page of plain rules: what every operation must answer and leave behind. */
export class AccountModel {
  balance: number;
  readonly reservations = new Map<string, ModelReservation>();
  readonly budgets = new Map<string, number>();
  readonly spendings: { readonly owners: readonly string[]; readonly at: number; readonly amount: number }[] = [];
  readonly grants = new Map<string, number>();
  /** Requests that ended, each counted once by analytics. */
  ended = 0;

  constructor(credit: number) {
    this.balance = credit;
  }

  get held(): number {
    return [...this.reservations.values()].reduce((sum, r) => sum + (r.state === "held" ? r.hold : 0), 0);
  }

  get charged(): number {
    return [...this.reservations.values()].reduce((sum, r) => sum + r.price, 0);
  }

  /** Posted charges of an owner: today's, or all. */
  spent(owner: string, period: "day" | "lifetime", now: number): number {
    const start = period === "day" ? Math.floor(now / DAY_MS) * DAY_MS : 0;
    return this.spendings.reduce((sum, s) => sum + (s.owners.includes(owner) && s.at >= start ? s.amount : 0), 0);
  }

  /** Sets `owner/period`. */
  budget(name: string, amount: number): "ok" {
    this.budgets.set(name, amount);
    return "ok";
  }

  #breaksBudget(owners: readonly string[], added: number, now: number): boolean {
    return [...this.budgets].some(([name, amount]) => {
      const [owner = "", period] = name.split("/");
      if (!owners.includes(owner)) return false;
      const held = [...this.reservations.values()].reduce(
        (sum, r) => sum + (r.state === "held" && r.owners.includes(owner) ? r.hold : 0),
        0,
      );
      return this.spent(owner, period === "day" ? "day" : "lifetime", now) + held + added > amount;
    });
  }

  reserve(
    id: string,
    { owners, hold, prompt }: { readonly owners: readonly string[]; readonly hold: number; readonly prompt: number },
    now: number,
    leaseUntil: number,
  ): "ok" | "budget_exceeded" | "insufficient_balance" | "invalid_request" {
    const known = this.reservations.get(id);
    if (known !== undefined) return known.state === "held" ? "ok" : "invalid_request";
    if (this.#breaksBudget(owners, hold, now)) return "budget_exceeded";
    if (hold > this.balance - this.held) return "insufficient_balance";
    this.reservations.set(id, {
      owners,
      state: "held",
      hold,
      prompt,
      leaseUntil,
      dispatched: false,
      checkpoint: null,
      price: 0,
      bySweeper: false,
    });
    return "ok";
  }

  checkpoint(
    id: string,
    price: number,
    raiseTo: number,
    now: number,
    leaseUntil: number,
  ): "ok" | "budget_exceeded" | "insufficient_balance" | "not_found" {
    const known = this.reservations.get(id);
    if (known?.state !== "held") return "not_found";
    const raise = Math.max(0, raiseTo - known.hold);
    const overBudget = raise > 0 && this.#breaksBudget(known.owners, raise, now);
    const affordable = raise === 0 || raise <= this.balance - this.held;
    known.dispatched = true;
    known.checkpoint = price;
    known.leaseUntil = Math.max(known.leaseUntil, leaseUntil);
    if (overBudget) return "budget_exceeded";
    if (affordable) known.hold += raise;
    return affordable ? "ok" : "insufficient_balance";
  }

  dispatched(id: string): EndingOutcome {
    const known = this.reservations.get(id);
    if (known?.state !== "held") return "repeated";
    known.dispatched = true;
    return "applied";
  }

  end(id: string, kind: "settle" | "release", price: number, now: number): EndingOutcome {
    const known = this.reservations.get(id);
    if (known === undefined) return "anomaly";
    if (known.state === "released" && kind === "settle") return "anomaly";
    if (known.state !== "held" && !known.bySweeper) return "repeated";
    if (known.state === "held") this.ended += 1;
    const owed = kind === "settle" ? price : 0;
    this.balance -= owed - known.price;
    this.spendings.push({ owners: known.owners, at: now, amount: owed - known.price });
    known.state = kind === "settle" || known.state === "settled" ? "settled" : "released";
    known.price = owed;
    known.bySweeper = false;
    return "applied";
  }

  sweep(now: number): void {
    for (const known of this.reservations.values()) {
      if (known.state !== "held" || known.leaseUntil > now) continue;
      const estimate = known.checkpoint ?? (known.dispatched ? known.prompt : null);
      known.price = estimate === null ? 0 : Math.min(estimate, known.hold);
      known.state = estimate === null ? "expired" : "settled";
      known.bySweeper = true;
      this.balance -= known.price;
      this.spendings.push({ owners: known.owners, at: now, amount: known.price });
      this.ended += 1;
    }
  }

  grant(key: string, amount: number): "ok" | "idempotency_key_reused" {
    const first = this.grants.get(key);
    if (first !== undefined) return first === amount ? "ok" : "idempotency_key_reused";
    this.grants.set(key, amount);
    this.balance += amount;
    return "ok";
  }
}
