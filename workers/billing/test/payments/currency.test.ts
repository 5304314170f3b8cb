import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { centsOf, creditOf, exponentOf } from "../../src/payments/currency.ts";
import {
  aContext,
  anActor,
  applied,
  billing,
  deliverAll,
  operator,
  paymentRow,
  postedOf,
  refusalOf,
  SIGNUP,
  USD,
  valueOf,
} from "../support/billing.ts";
import { atStripe } from "../support/stripe.ts";

describe("minor units as Stripe counts them", () => {
  it.each([
    ["usd", 2],
    ["eur", 2],
    ["jpy", 0],
    ["krw", 0],
    ["isk", 2],
    ["ugx", 2],
    ["kwd", 3],
    ["xxx", null],
    ["USD", null],
    ["constructor", null],
    ["", null],
  ])("%s has %j digits", (currency, digits) => {
    expect(exponentOf(currency)).toBe(digits);
  });

  it.each([
    ["500 yen at 150 to the dollar", 500, "jpy", { nanoUsd: USD, units: 150 }, 3_333_333_333],
    ["5.00 euro at 1.1", 500, "eur", { nanoUsd: 1_100_000_000, units: 1 }, 5_500_000_000],
    ["5.000 dinar at 3.25", 5_000, "kwd", { nanoUsd: 3_250_000_000, units: 1 }, 16_250_000_000],
    ["nothing", 0, "eur", { nanoUsd: USD, units: 1 }, 0],
    ["a part of a cent", 0.5, "usd", { nanoUsd: USD, units: 1 }, null],
    ["a negative amount", -1, "usd", { nanoUsd: USD, units: 1 }, null],
    ["NaN", Number.NaN, "usd", { nanoUsd: USD, units: 1 }, null],
    ["out of range", 100_000_000_000, "kwd", { nanoUsd: 9_000_000_000, units: 1 }, 900_000_000 * USD > 9e15 ? null : 0],
    ["an unknown currency", 100, "xxx", { nanoUsd: USD, units: 1 }, null],
  ])("%s", (_name, minor, currency, rate, credit) => {
    expect(creditOf(minor, currency, rate)).toBe(credit);
  });

  it.each([
    [25 * USD, 2_500],
    [10_000_000, 1],
    [9_999_999, null],
    [0, 0],
    [Number.NaN, null],
  ])("%d nano-USD are %j cents", (nanoUsd, cents) => {
    expect(centsOf(nanoUsd)).toBe(cents);
  });
});

describe("a foreign currency", () => {
  it("is accepted at the operator's rate: yen without a factor of 100, credited as ordered", async () => {
    const rate = await billing.setFxRate(aContext(), operator, "jpy", { nano_usd: USD, units: 150 }, null);
    expect(rate).toMatchObject({ ok: true });
    const actor = anActor();
    const input = { currency: "jpy", amount_minor: 3_000 };
    const order = await valueOf(billing.createTopup(aContext(), actor, input, newId()));
    expect(order).toMatchObject({ currency: "jpy", amount_minor: 3_000, credit_nano_usd: 20 * USD });
    await billing.setFxRate(aContext(), operator, "jpy", { nano_usd: USD, units: 300 }, null);
    await atStripe("pay-session", { session: (await paymentRow(order.id)).checkoutSessionId });
    await deliverAll(order.id);
    await applied(order.id, "paid");
    expect(await postedOf(actor)).toBe(SIGNUP + 20 * USD);
  });

  it.each([
    ["xxx", { nano_usd: USD, units: 1 }, "currency"],
    ["usd", { nano_usd: USD, units: 1 }, "currency"],
    ["eur", { nano_usd: 0, units: 1 }, "nano_usd"],
    ["eur", { nano_usd: USD, units: 0 }, "units"],
    ["eur", { nano_usd: 0.5, units: 1 }, "nano_usd"],
  ])("a rate of %s %j is refused by name", async (currency, input, param) => {
    expect(await refusalOf(billing.setFxRate(aContext(), operator, currency, input, null))).toMatchObject({
      code: "invalid_request",
      param,
    });
  });

  it("rates are set by operators only", async () => {
    const refused = await refusalOf(billing.setFxRate(aContext(), anActor(), "eur", { nano_usd: USD, units: 1 }, null));
    expect(refused.code).toBe("permission_denied");
  });
});
