import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import {
  aContext,
  anActor,
  billing,
  customerOf,
  impatient,
  refusalOf,
  savedCard,
  USD,
  valueOf,
} from "../support/billing.ts";
import { atStripe, callsTo } from "../support/stripe.ts";

describe("saved cards", () => {
  it("a company without a customer at Stripe has none, and none is made for looking", async () => {
    const actor = anActor();
    expect(await valueOf(billing.listPaymentMethods(aContext(), actor))).toEqual({ data: [] });
    const asked = await callsTo("POST /v1/customers");
    expect(asked.filter(({ idempotencyKey }) => idempotencyKey === `customer-${actor.companyId}`)).toEqual([]);
  });

  it("are listed by their last four, and forgotten on request", async () => {
    const actor = anActor();
    const id = await savedCard(actor);
    const listed = { id, brand: "visa", last4: "4242", exp_month: 12, exp_year: 2031 };
    expect(await valueOf(billing.listPaymentMethods(aContext(), actor))).toEqual({ data: [listed] });
    expect(await billing.removePaymentMethod(aContext(), actor, id, null)).toMatchObject({ ok: true });
    expect(await valueOf(billing.listPaymentMethods(aContext(), actor))).toEqual({ data: [] });
  });

  it("another company's card is missing, and stays", async () => {
    const owner = anActor();
    const id = await savedCard(owner);
    const other = anActor();
    await customerOf(other);
    const foreign = await refusalOf(billing.removePaymentMethod(aContext(), other, id, null));
    expect(foreign).toEqual(await refusalOf(billing.removePaymentMethod(aContext(), other, "pm_none", null)));
    expect((await valueOf(billing.listPaymentMethods(aContext(), owner))).data).toHaveLength(1);
  });

  it("are taken at Stripe's page; one page per Idempotency-Key", async () => {
    const actor = anActor();
    const key = newId();
    const page = await valueOf(billing.addPaymentMethod(aContext(), actor, key));
    expect(page.url).toMatch(/^https:\/\/checkout\.stripe\.test\//);
    expect(await billing.addPaymentMethod(aContext(), actor, key)).toEqual({ ok: true, value: page, replayed: true });
  });

  it("the portal is one page per Idempotency-Key, also where Stripe's answer was lost", async () => {
    const actor = anActor();
    const about = await customerOf(actor);
    const open = (key: string, at: Pick<typeof billing, "openPortal"> = billing) =>
      at.openPortal(aContext(), actor, key);
    const [key, other] = [newId(), newId()];
    const page = await valueOf(open(key));
    expect(await open(key)).toEqual({ ok: true, value: page, replayed: true });
    expect((await valueOf(open(newId()))).url).not.toBe(page.url);
    await atStripe("fault", { match: "POST /v1/billing_portal", about, kind: "lose_reply", times: 2 });
    expect((await refusalOf(open(other, impatient))).code).toBe("service_unavailable");
    await valueOf(open(other));
    const asked = (await callsTo("POST /v1/billing_portal")).map(({ idempotencyKey }) => idempotencyKey ?? "none");
    // Of the key whose answer was lost: two tries, and the repeat, all under one key of Stripe's.
    const tries = Object.values(Object.groupBy(asked, (sent) => sent)).map((sent) => sent?.length);
    expect(tries.filter((count) => count === 3)).toHaveLength(1);
    expect(asked).not.toContain("none");
  });

  it("the portal answers Stripe's page; a company is one customer however many ask at once", async () => {
    const actor = anActor();
    const pages = await Promise.all(Array.from({ length: 5 }, () => billing.openPortal(aContext(), actor, null)));
    expect(pages.every((page) => page.ok && page.value.url.startsWith("https://billing.stripe.test/"))).toBe(true);
    expect(await customerOf(actor)).toMatch(/^cus_/);
  });

  it("need billing:manage to be changed, billing:read to be seen", async () => {
    const nobody = anActor({ permissions: [] });
    const reader = anActor({ permissions: ["billing:read"] });
    const answers = await Promise.all([
      billing.listPaymentMethods(aContext(), nobody),
      billing.autoTopup(aContext(), nobody),
      billing.addPaymentMethod(aContext(), reader, null),
      billing.removePaymentMethod(aContext(), reader, "pm_x", null),
      billing.openPortal(aContext(), reader, null),
      billing.setAutoTopup(aContext(), reader, {}, null),
    ]);
    const codes = answers.map((answer) => (answer.ok ? "ok" : answer.error.code));
    expect(new Set(codes)).toEqual(new Set(["permission_denied"]));
  });

  it("Stripe is down: unavailable, in words of our own", async () => {
    const actor = anActor();
    const about = await customerOf(actor);
    await atStripe("fault", { match: "GET /v1/customers", about, kind: "error", times: 2 });
    const refused = await refusalOf(billing.listPaymentMethods(aContext(), actor));
    expect(refused).toMatchObject({ code: "service_unavailable", retryAfterSeconds: 5 });
    expect(refused.message).not.toContain("broken");
  });
});

describe("the terms of an automatic top-up", () => {
  const terms = { enabled: true, threshold_nano_usd: USD, amount_nano_usd: 10 * USD, monthly_cap_nano_usd: 20 * USD };

  it("are kept as they were set", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const set = await valueOf(billing.setAutoTopup(aContext(), actor, { ...terms, payment_method }, null));
    expect(set).toEqual({ ...terms, payment_method, in_flight: false, failures: 0 });
    expect(await valueOf(billing.autoTopup(aContext(), actor))).toEqual(set);
  });

  it.each([
    ["a part of a cent", { amount_nano_usd: 10 * USD + 1 }, "amount_nano_usd"],
    ["less than the least", { amount_nano_usd: USD }, "amount_nano_usd"],
    ["more than the most", { amount_nano_usd: 30_000 * USD }, "amount_nano_usd"],
    ["a cap below one amount", { monthly_cap_nano_usd: 9 * USD }, "monthly_cap_nano_usd"],
    ["a negative threshold", { threshold_nano_usd: -1 }, "threshold_nano_usd"],
    ["a fraction of a nano", { threshold_nano_usd: 0.5 }, "threshold_nano_usd"],
    ["another company's card", { payment_method: "pm_none" }, "payment_method"],
    ["a field that nobody knows", { color: "red" }, "color"],
  ])("%s is refused by name", async (_name, wrong, param) => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const input = { ...terms, payment_method, ...wrong };
    expect(await refusalOf(billing.setAutoTopup(aContext(), actor, input, null))).toMatchObject({
      code: "invalid_request",
      param,
    });
    expect(await valueOf(billing.autoTopup(aContext(), actor))).toMatchObject({ enabled: false });
  });
});
