/**
 * The real database with faults: a call fails, before anything is stored, when `shouldFail` says so of
 * the parameters of its statements.
 */
export function failingDatabase(real: D1Database, shouldFail: (parameters: readonly unknown[]) => boolean): D1Database {
  const parametersOf = new WeakMap<object, unknown[]>();

  function guard<Value>(parameters: readonly unknown[], call: () => Promise<Value>): Promise<Value> {
    return shouldFail(parameters) ? Promise.reject(new Error("D1_ERROR: injected fault")) : call();
  }

  function wrap(statement: D1PreparedStatement, parameters: unknown[]): D1PreparedStatement {
    const proxy: D1PreparedStatement = new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values), values);
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]) =>
          guard(parameters, async () => Reflect.apply(member, target, args) as Promise<unknown>);
      },
    });
    parametersOf.set(proxy, parameters);
    originals.set(proxy, statement);
    return proxy;
  }

  const originals = new WeakMap<object, D1PreparedStatement>();
  return new Proxy(real, {
    get(target, name) {
      if (name === "prepare") return (query: string) => wrap(target.prepare(query), []);
      if (name === "batch") {
        return (statements: D1PreparedStatement[]) =>
          guard(
            statements.flatMap((statement) => parametersOf.get(statement) ?? []),
            () => target.batch(statements.map((statement) => originals.get(statement) ?? statement)),
          );
      }
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => Reflect.apply(member, target, args) as unknown;
    },
  });
}
