/** A model to try, and the names in the request that led to it: its own, or aliases. */
export interface WantedModel {
  readonly model: string;
  readonly askedAs: readonly string[];
}

/**
 * The models that a request's names stand for, each once, in the order to try. A model comes before an
 * alias of the same name; a name that is neither stands for itself. An alias of an alias is none. Pure.
 */
export function resolveAliases(
  names: readonly string[],
  isModel: (name: string) => boolean,
  aliases: ReadonlyMap<string, readonly string[]>,
): readonly WantedModel[] {
  const wanted = new Map<string, string[]>();
  for (const name of new Set(names)) {
    const models = isModel(name) ? [name] : (aliases.get(name) ?? [name]);
    for (const model of models) wanted.set(model, [...(wanted.get(model) ?? []), name]);
  }
  return [...wanted].map(([model, askedAs]) => ({ model, askedAs }));
}
