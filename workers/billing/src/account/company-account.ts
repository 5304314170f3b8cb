import { DurableObject } from "cloudflare:workers";
import type {
  AccountExchange,
  AccountExchanged,
  Checkpoint,
  CompanyAccountApi,
  Ending,
  EndingOutcome,
  Reservation,
  ReserveError,
  ReserveInput,
} from "@aggregator/contracts/account";
import type { BalanceView, RequestTail, RequestView, TransactionView } from "@aggregator/contracts/billing";
import type { BudgetView } from "@aggregator/contracts/budgets";
import type { KeyAccess } from "@aggregator/contracts/key-access";
import type { Page } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { createLogger, defectFields, type Logger } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import type { BudgetName } from "../domain/budget-owner.ts";
import type { MarkupOverrides } from "../domain/markup.ts";
import type { PriceBook } from "../domain/price-book.ts";
import type { RequestQuery } from "../domain/request-query.ts";
import { billingConfig, type Env } from "../env.ts";
import { changeKeyAccess, setSuspended } from "./access.ts";
import type { Account } from "./account.ts";
import { type AccountMeter, accountMeterOf } from "./account-meter.ts";
import { type Archive, createArchive } from "./archive/archive.ts";
import type { RestoredDay } from "./archive/restore-day.ts";
import { createAlarmClock, type AlarmClock } from "./alarm-clock.ts";
import { putOpen } from "./book.ts";
import { addBudget, changeBudget, removeBudget } from "./budgets.ts";
import { chargeFee, type Fee } from "./charge-fee.ts";
import { type AuditEnd, auditEnd, auditEntries, type AuditPage, type AuditPosition } from "./audit-ledger.ts";
import { selfCheck, unfreezeAccount } from "./check-invariants.ts";
import { checkpoint } from "./checkpoint.ts";
import { endRequest } from "./end-request.ts";
import { nextLapseMs, payFromLots } from "./credit-lots.ts";
import { eraseClientWords } from "./erase-client-words.ts";
import { createEngine, type Engine } from "./engine.ts";
import { type Grant, grant } from "./grant.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { forgetExpired } from "./forget-expired.ts";
import { setLowBalanceThresholds } from "./low-balance-alert.ts";
import { movedBy, type Movement, type Posted, postTotal } from "./post-total.ts";
import { readAccountState, readOverruns } from "./read-account-state.ts";
import { readBalance } from "./read-balance.ts";
import { type ProviderCost, readProviderCosts } from "./read-costs.ts";
import { type EntrySum, type Period, readPeriod, type StretchSum, sumEntries, sumStretch } from "./read-period.ts";
import { readRequest } from "./read-requests.ts";
import { retellCells } from "./retell-cells.ts";
import { rerateRequests, type RerateStretch, type RerateSum } from "./rerate-requests.ts";
import { reserve } from "./reserve.ts";
import { searchRequests } from "./search-requests.ts";
import { sendNotices } from "./notice-outbox.ts";
import { raiseNotices } from "./raise-notices.ts";
import { readBudget, readBudgets, viewed } from "./read-budgets.ts";
import { setMarkupOverrides } from "./set-markup-overrides.ts";
import { type AccountPlan, setPlan, underPlan } from "./set-plan.ts";
import { createSql } from "./sql.ts";
import { sweepLeases } from "./sweep-leases.ts";
import { createDatabaseTeller, type DatabaseTeller } from "./tell-database.ts";
import { tailRequests } from "./tail-requests.ts";

/** Longer than the longest pause of an outbox that the queue refuses: later than this, something is wrong. */
const LATE_MS = 300_000;

/**
 * One company's money: balance, holds, limits and ledger, one object per company. Each method is one
 * transaction with nothing awaited inside; the output gate holds the reply until it is on disk. The
 * alarm ends what the proxy abandoned and tells analytics what was used.
 */
export class CompanyAccount extends DurableObject<Env> implements CompanyAccountApi {
  readonly #engine: Engine;
  readonly #alarm: AlarmClock;
  readonly #outbox: Outbox;
  readonly #database: DatabaseTeller;
  readonly #archive: Archive;
  readonly #log: Logger;
  readonly #meter: AccountMeter | null;
  readonly #companyId: string;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const config = billingConfig(env);
    const companyId = ctx.id.name ?? ctx.id.toString();
    this.#companyId = companyId;
    this.#log = createLogger({ worker: "billing", level: config.logLevel });
    this.#engine = createEngine({
      companyId,
      sql: createSql(ctx.storage.sql),
      transact: (work) => ctx.storage.transactionSync(work),
      config,
      log: this.#log,
      now: Date.now,
    });
    this.#meter = accountMeterOf(env);
    this.#alarm = createAlarmClock(ctx.storage);
    this.#outbox = createOutbox({ companyId, engine: this.#engine, queue: env.USAGE_EVENTS, now: Date.now });
    this.#database = createDatabaseTeller(companyId, this.#engine, openDatabase(env.DB));
    const { ARCHIVE: bucket } = env;
    this.#archive = createArchive({ companyId, engine: this.#engine, bucket, log: this.#log, now: Date.now });
    void ctx.blockConcurrencyWhile(async () => {
      await this.#alarm.load();
      await this.#database.learnMarkups();
      this.#armAlarm();
    });
  }

  async reserve(input: ReserveInput): Promise<Result<Reservation, ReserveError>> {
    return this.#engine.run((account) => this.#reserve(account, input));
  }

  async checkpoint(input: Checkpoint): ReturnType<CompanyAccountApi["checkpoint"]> {
    return this.#engine.run((account) => checkpoint(account, input));
  }

  async end(endings: readonly Ending[]): Promise<readonly EndingOutcome[]> {
    return this.#engine.run((account) => endings.map((ending) => this.#end(account, ending)));
  }

  async exchange({ endings, reserves }: AccountExchange): Promise<AccountExchanged> {
    return this.#engine.run((account) => ({
      ended: endings.map((ending) => this.#end(account, ending)),
      reserved: reserves.map((input) => this.#reserve(account, input)),
    }));
  }

  /** Posted, held and available. */
  async balance(): Promise<BalanceView> {
    return this.#engine.run(readBalance);
  }

  /** The ledger, newest first. */
  async transactions(limit: number, cursor: string | undefined): Promise<Page<TransactionView>> {
    return this.#archive.transactions(limit, cursor);
  }

  /** The request log, newest first. */
  async requests(query: RequestQuery): Promise<Page<RequestView>> {
    return this.#engine.run((account) => searchRequests(account, query));
  }

  /** Requests that ended after a position of the ledger, oldest first. */
  async tail(after: number | null): Promise<RequestTail> {
    return this.#engine.run((account) => tailRequests(account, after));
  }

  /** One request, `not_found` when the company has none of that id. */
  async request(id: string): Promise<Result<RequestView>> {
    const view = this.#engine.run((account) => readRequest(account, id));
    return view === undefined ? err("not_found", "No such request.") : ok(view);
  }

  /** Asks a running request to stop at its next checkpoint; `not_found` when none is running under that id. */
  async cancel(id: string): Promise<Result<void>> {
    return this.#engine.run(({ book, sql }) => {
      const open = book.open.get(id);
      if (open === undefined) return err("not_found", "No running request has this id.");
      sql.run("UPDATE reservation SET cancel_requested = 1 WHERE id = ?", id);
      putOpen(book, { ...open, cancelRequested: true });
      return ok();
    });
  }

  /** Refuses a key from the very next reserve on. */
  async revokeKey(keyId: string): Promise<void> {
    this.#engine.run((account) => changeKeyAccess(account, { revoked: [keyId], paused: [], resumed: [] }));
  }

  /** Which keys may spend, from the very next reserve on. */
  async changeKeyAccess(keys: Omit<KeyAccess, "actor">): Promise<void> {
    this.#engine.run((account) => changeKeyAccess(account, keys));
  }

  /** Whether the company may spend at all, from the very next reserve on. */
  async setSuspended(isSuspended: boolean): Promise<void> {
    this.#engine.run((account) => setSuspended(account, isSuspended));
  }

  /** Credits the account once per idempotency key. */
  async grant(input: Grant): Promise<Result<TransactionView>> {
    return this.#engine.run((account) => {
      const granted = grant(account, input);
      this.#alarm.wake(nextLapseMs(account.book, account.nowMs));
      return granted;
    });
  }

  /** Brings what a payment, refund, dispute or commission has moved to a total; see `postTotal`. */
  async postTotal(movement: Movement): Promise<Result<Posted>> {
    return this.#engine.run((account) => postTotal(account, movement));
  }

  /** What a series has moved in all; for reconciliation. */
  async movedBy(series: string): Promise<number> {
    return this.#engine.run((account) => movedBy(account, series));
  }

  /** Takes a fee from what is available, once per idempotency key. */
  async chargeFee(fee: Fee): Promise<Result<void>> {
    return this.#engine.run((account) => chargeFee(account, fee));
  }

  /** Puts a plan's markup and limits in force from the next reserve on. */
  async setPlan(plan: AccountPlan): Promise<void> {
    this.#engine.run((account) => setPlan(account, plan));
  }

  /** Puts markups in force that are not the plan's, from the next reserve on. */
  async setMarkupOverrides(overrides: MarkupOverrides): Promise<void> {
    this.#engine.run((account) => setMarkupOverrides(account, overrides));
  }

  /** Budgets after the id `after`, by id. */
  async budgets(limit: number, after: string): Promise<BudgetView[]> {
    return this.#engine.run((account) => readBudgets(account, limit, after));
  }

  /** One budget as it stands now; `not_found`. */
  async budget(name: BudgetName): Promise<Result<BudgetView>> {
    const view = this.#engine.run((account) => readBudget(account, name));
    return view === undefined ? err("not_found", "There is no such budget.") : ok(view);
  }

  /** Puts a budget in force from the next reserve on; `already_exists`, or `invalid_request` when there are too many. */
  async addBudget(name: BudgetName, amountNanoUsd: number): Promise<Result<BudgetView>> {
    return this.#engine.run((account) => viewed(account, addBudget(account, name, amountNanoUsd)));
  }

  /** Changes what a budget admits; `not_found`. */
  async changeBudget(name: BudgetName, amountNanoUsd: number): Promise<Result<BudgetView>> {
    return this.#engine.run((account) => viewed(account, changeBudget(account, name, amountNanoUsd)));
  }

  /** Lifts a budget; `not_found`. */
  async removeBudget(name: BudgetName): Promise<Result<void>> {
    return this.#engine.run((account) => removeBudget(account, name));
  }

  /** Below which balances the company is told; ascending. */
  async lowBalanceThresholds(): Promise<readonly number[]> {
    return this.#engine.run(({ book }) => book.lowBalanceThresholds);
  }

  /** Sets them; what the balance is below already is not told. */
  async setLowBalanceThresholds(thresholds: readonly number[]): Promise<void> {
    this.#engine.run((account) => setLowBalanceThresholds(account, thresholds));
  }

  /** Where the entries of a time span stand, with the balances around them. */
  async period(fromMs: number, toMs: number): Promise<Period> {
    return this.#engine.run((account) => readPeriod(account, fromMs, toMs));
  }

  /** Sums of a stretch of the ledger, at most MAX_SUMMED_ENTRIES positions. */
  async sumEntries(afterSeq: number, throughSeq: number): Promise<EntrySum[]> {
    return this.#engine.run((account) => sumEntries(account, afterSeq, throughSeq));
  }

  /** All entries of a stretch of the ledger together, at most MAX_SUMMED_ENTRIES positions. */
  async sumStretch(afterSeq: number, throughSeq: number): Promise<StretchSum> {
    return this.#engine.run((account) => sumStretch(account, afterSeq, throughSeq));
  }

  /** Costs by provider of such a stretch. */
  async providerCosts(afterSeq: number, throughSeq: number): Promise<ProviderCost[]> {
    return this.#engine.run((account) => readProviderCosts(account, afterSeq, throughSeq));
  }

  /** Replays a page of the ledger; see `auditEntries`. */
  async auditEntries(from: AuditPosition): Promise<AuditPage> {
    return this.#engine.run((account) => auditEntries(account, from));
  }

  /** Replays the rest and compares with everything that is derived from the ledger; see `auditEnd`. */
  async auditEnd(from: AuditPosition, suspects: readonly string[]): Promise<AuditEnd> {
    return this.#engine.run((account) => auditEnd(account, from, suspects));
  }

  /** What a stretch of requests would have cost under another price book; see `rerateRequests`. */
  async rerate(stretch: RerateStretch, priceBook: PriceBook): Promise<Result<RerateSum>> {
    return this.#engine.run((account) => rerateRequests(account, stretch, priceBook));
  }

  /** Lets a frozen account admit requests again; `conflict` where it is not frozen or its books still do not tie. */
  async unfreeze(reason: string): Promise<Result<void>> {
    return this.#engine.run((account) => unfreezeAccount(account, reason));
  }

  /** Forgets what clients wrote on a page of requests; see `eraseClientWords`. */
  async eraseClientWords(after: string): Promise<string | null> {
    return this.#engine.run((account) => eraseClientWords(account, after));
  }

  /** Puts an archived day's entries back for a week; see `restoreDay`. */
  async restoreDay(day: string): Promise<Result<RestoredDay>> {
    return this.#archive.restoreDay(day);
  }

  /** Tells analytics all usage again, for a rebuild. Returns how many cells. */
  async retellUsage(): Promise<number> {
    const engine = this.#engine;
    return retellCells({ companyId: this.#companyId, engine, queue: this.env.USAGE_EVENTS, now: Date.now });
  }

  /** Sets the alarm again should it have been lost, and tells analytics at once what has waited for too long. */
  async poke(): Promise<{ readonly lagMs: number; readonly wasLate: boolean }> {
    await this.#alarm.load();
    const lagMs = this.#lagMs();
    if (lagMs > LATE_MS) await this.alarm();
    else this.#armAlarm();
    return { lagMs, wasLate: lagMs > LATE_MS };
  }

  /** Never throws: a thrown alarm is retried six times and then silent for ever. */
  override async alarm(): Promise<void> {
    this.#alarm.fired();
    let toldSeq: number | null = null;
    try {
      toldSeq = this.#engine.run(({ book }) => book.exportedSeq);
      this.#meter?.count("aggregator_leases_lapsed_total", this.#engine.run(sweepLeases));
      this.#engine.run(forgetExpired);
      this.#engine.run(payFromLots);
      this.#engine.run(raiseNotices);
      await this.#outbox.flush();
      await sendNotices(this.#engine, this.env.NOTICES);
      this.#engine.run(selfCheck);
    } catch (error) {
      this.#meter?.count("aggregator_account_alarm_failures_total", 1);
      this.#log.error("account.alarm_failed", defectFields(error));
    } finally {
      this.#armAlarm();
    }
    this.ctx.waitUntil(this.#database.listOnce());
    this.ctx.waitUntil(this.#database.tellDays().then(() => this.#armAlarm()));
    this.ctx.waitUntil(this.#archive.run());
    if (this.#meter !== null && toldSeq !== null) this.#noteState(this.#meter, toldSeq);
  }

  /** Shows operators how the account stands. Nothing of it is waited for, and nothing of it can fail an alarm. */
  #noteState(meter: AccountMeter, toldSeq: number): void {
    try {
      const { state, overruns, nowMs } = this.#engine.run((account) => ({
        state: readAccountState(account),
        overruns: readOverruns(account, toldSeq, account.book.exportedSeq),
        nowMs: account.nowMs,
      }));
      meter.count("aggregator_overruns_total", overruns.count);
      meter.count("aggregator_overrun_nano_usd_total", overruns.nanoUsd);
      const push = meter.note(state, nowMs);
      if (push !== null) this.ctx.waitUntil(push);
    } catch (error) {
      this.#log.warn("account.not_metered", defectFields(error));
    }
  }

  #reserve(account: Account, input: ReserveInput): Result<Reservation, ReserveError> {
    const result = reserve(account, underPlan(account, input));
    if (result.ok) this.#alarm.wake(Math.min(account.nowMs + input.leaseMs, this.#flushAtMs(account)));
    return result;
  }

  #end(account: Account, ending: Ending): EndingOutcome {
    const outcome = endRequest(account, ending);
    if (outcome === "anomaly") this.#meter?.count("aggregator_account_anomalies_total", 1);
    this.#alarm.wake(this.#flushAtMs(account));
    return outcome;
  }

  #flushAtMs({ nowMs, config }: Account): number {
    return nowMs + this.#outbox.delayMs(config.outboxFlushMs);
  }

  #lagMs(): number {
    return this.#engine.run((account) => {
      const { oldestUntoldAtMs } = readAccountState(account);
      return oldestUntoldAtMs === null ? 0 : Math.max(0, account.nowMs - oldestUntoldAtMs);
    });
  }

  /** One alarm for everything: the next lease to lapse, or the next time to tell analytics. */
  #armAlarm(): void {
    this.#engine.run((account) => {
      const { book } = account;
      const nextLeaseMs = [...book.open.values()].reduce((next, open) => Math.min(next, open.leaseUntilMs), Infinity);
      const isUntold = book.lastSeq > book.exportedSeq || book.open.size > 0 || book.hasNotices;
      const nextFlushMs = isUntold ? this.#flushAtMs(account) : Infinity;
      const nextDaysMs = this.#database.nextDaysMs(account);
      this.#alarm.wake(Math.min(nextLeaseMs, nextFlushMs, nextDaysMs, nextLapseMs(book, account.nowMs)));
    });
  }
}
