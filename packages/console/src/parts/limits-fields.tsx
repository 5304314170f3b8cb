import type { ApiKeyView } from "@aggregator/contracts/auth";
import type { JSX } from "preact";
import { parseUsd, usdParts } from "../format/money.ts";
import { Field, Select, textOf, wordsOf } from "../ui/form.tsx";

const PERIODS = [
  ["month", "each month"],
  ["day", "each day"],
  ["lifetime", "in all"],
] as const;

const RATE_LIMITS = [
  ["requests_per_minute", "Requests per minute"],
  ["tokens_per_minute", "Tokens per minute"],
  ["concurrent_requests", "Requests at once"],
] as const;

/** What bounds a key. Fields that are empty do not. */
export function LimitsFields({ of }: { readonly of: ApiKeyView | null }): JSX.Element {
  const budget = of?.budget ?? null;
  return (
    <>
      <div class="columns">
        <Field
          label="Budget in USD"
          name="budget"
          inputMode="decimal"
          placeholder="No limit"
          value={budget === null ? "" : plainUsd(budget.amount_nano_usd)}
        />
        <Select label="Budget period" name="period" options={PERIODS} value={budget?.period ?? "month"} />
      </div>
      <div class="columns">
        {RATE_LIMITS.map(([name, label]) => (
          <Field
            key={name}
            label={label}
            name={name}
            inputMode="numeric"
            placeholder="No limit"
            value={String(of?.rate_limits?.[name] ?? "")}
          />
        ))}
      </div>
      <Field
        label="Models"
        name="models"
        placeholder="All models"
        hint="Ids with commas between them. Empty: all."
        value={(of?.allowed_models ?? []).join(", ")}
      />
      <Field
        label="IP addresses"
        name="ips"
        placeholder="Any address"
        hint="Addresses or CIDR blocks, with commas between them. Empty: any."
        value={(of?.allowed_ips ?? []).join(", ")}
      />
    </>
  );
}

function plainUsd(nanoUsd: number): string {
  const { cents, rest } = usdParts(nanoUsd);
  return (cents + rest).replace("$", "");
}

export interface KeyLimits {
  readonly budget: { readonly amount_nano_usd: number | string; readonly period: string } | null;
  readonly rate_limits: Readonly<Record<string, number>> | null;
  readonly allowed_models: readonly string[] | null;
  readonly allowed_ips: readonly string[] | null;
}

/** The limits as the API takes them. What is no number goes as it was typed: the API says what is wrong with it. */
export function limitsOf(form: FormData): KeyLimits {
  const budget = textOf(form, "budget");
  const rates = RATE_LIMITS.flatMap(([name]) => {
    const typed = textOf(form, name);
    return typed === "" ? [] : [[name, Number(typed)] as const];
  });
  const models = wordsOf(form, "models");
  const ips = wordsOf(form, "ips");
  return {
    budget: budget === "" ? null : { amount_nano_usd: parseUsd(budget) ?? budget, period: textOf(form, "period") },
    rate_limits: rates.length === 0 ? null : Object.fromEntries(rates),
    allowed_models: models.length === 0 ? null : models,
    allowed_ips: ips.length === 0 ? null : ips,
  };
}
