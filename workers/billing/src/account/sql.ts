export type SqlValue = string | number | null;
type Row = Record<string, SqlStorageValue>;

/** The object's SQLite, counting rows written: they are the running cost and a test asserts them. */
export interface Sql {
  /** Runs a statement for its effect. */
  run(query: string, ...bindings: SqlValue[]): void;
  all<Result extends Row>(query: string, ...bindings: SqlValue[]): Result[];
  first<Result extends Row>(query: string, ...bindings: SqlValue[]): Result | undefined;
  rowsWritten(): number;
}

/**
 * Wraps the storage of a Durable Object. `beforeStatement` is the seam for fault injection: it may
 * throw between two statements of one transaction.
 */
export function createSql(storage: SqlStorage, beforeStatement: () => void = () => undefined): Sql {
  let written = 0;
  const exec = <Result extends Row>(query: string, bindings: readonly SqlValue[]): Result[] => {
    beforeStatement();
    const cursor = storage.exec<Result>(query, ...bindings);
    const rows = cursor.toArray();
    written += cursor.rowsWritten;
    return rows;
  };
  return {
    run: (query, ...bindings) => void exec(query, bindings),
    all: (query, ...bindings) => exec(query, bindings),
    first: <Result extends Row>(query: string, ...bindings: SqlValue[]) => exec<Result>(query, bindings)[0],
    rowsWritten: () => written,
  };
}
