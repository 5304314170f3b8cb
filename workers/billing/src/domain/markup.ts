/** Markups that are not the plan's, as one company's account knows them. */
export interface MarkupOverrides {
  /** Grows with each change that concerns the company: an older state than the account has is ignored. */
  readonly revision: number;
  readonly company: number | null;
  /** This company's own, by model. */
  readonly companyModels: Readonly<Record<string, number>>;
  /** Every company's, by model. */
  readonly models: Readonly<Record<string, number>>;
}

/** The markup in force for a model, in basis points: the most specific of company and model, company, model, plan. */
export function markupFor(overrides: MarkupOverrides | null, planBps: number, model: string): number {
  if (overrides === null) return planBps;
  const { company, companyModels, models } = overrides;
  return own(companyModels, model) ?? company ?? own(models, model) ?? planBps;
}

/** Never what an object inherits: model ids come from callers. */
function own(markups: Readonly<Record<string, number>>, model: string): number | undefined {
  return Object.hasOwn(markups, model) ? markups[model] : undefined;
}
