import { textOf, wordsOf } from "../ui/form.tsx";

const LISTS = ["order", "only", "ignore"] as const;
const CHOICES = ["sort", "data_collection"] as const;
const PRICES = ["prompt", "completion", "request"] as const;

/** What a form says about providers, as the API takes it: what is empty asks nothing and is left out. */
export function preferencesOf(form: FormData): Readonly<Record<string, unknown>> {
  const lists = LISTS.map((name) => [name, wordsOf(form, name)] as const).filter(([, words]) => words.length > 0);
  const choices = CHOICES.map((name) => [name, textOf(form, name)] as const).filter(([, chosen]) => chosen !== "");
  const prices = PRICES.map((name) => [name, textOf(form, name)] as const).filter(([, price]) => price !== "");
  return {
    ...Object.fromEntries<unknown>([...lists, ...choices]),
    ...(prices.length === 0 ? {} : { max_price: Object.fromEntries(prices) }),
    ...(form.has("allow_fallbacks") ? {} : { allow_fallbacks: false }),
  };
}
