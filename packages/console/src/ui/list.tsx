import type { ComponentChildren, JSX } from "preact";
import type { Pages } from "../api/use-query.ts";
import { Failure, Loading } from "./states.tsx";

interface TableProps {
  /** Says what the table holds, to who cannot see it. */
  readonly label: string;
  /** A heading that begins with `#` is of a column of numbers. */
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

export function Table({ label, columns, children }: TableProps): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={column.startsWith("#") ? "number" : undefined} key={column}>
                {column.replace("#", "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

interface ListProps<Item> extends Omit<TableProps, "children"> {
  readonly pages: Pages<Item>;
  readonly empty: ComponentChildren;
  readonly row: (item: Item) => JSX.Element;
}

/** A table of what a list answers, page after page. */
export function List<Item>({ pages, empty, row, ...table }: ListProps<Item>): JSX.Element {
  const { items, status, error, more, reload } = pages;
  if (error !== null && items.length === 0) return <Failure error={error} retry={reload} />;
  if (items.length === 0 && status === "loading") return <Loading />;
  if (items.length === 0 && more === null) return <>{empty}</>;
  return (
    <>
      {items.length === 0 ? <p class="faint pad">Nothing found yet: there is more to search.</p> : null}
      {items.length === 0 ? null : <Table {...table}>{items.map(row)}</Table>}
      {error === null ? null : <Failure error={error} retry={reload} />}
      {more === null && status === "ready" ? null : (
        <p class="more">
          <button type="button" disabled={more === null} onClick={() => more?.()}>
            {more === null ? "Loading…" : "Show more"}
          </button>
        </p>
      )}
    </>
  );
}
