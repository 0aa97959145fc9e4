import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  head: string;
  cell: (row: T) => ReactNode;
  isNumber?: boolean;
  /** Names the row. */
  isHead?: boolean;
  /** Long text: it wraps. */
  isText?: boolean;
}

/** A table that says its name; the wide ones scroll within themselves. On a narrow screen each row is a card that
 * says the heads itself; the roles are written out since a row that is no longer laid out as one would lose its own. */
export function Table<T>({ name, columns, rows, keyOf }: {
  name: string;
  columns: Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}) {
  return (
    <div className="table" role="group" aria-label={name} tabIndex={0}>
      <table role="table" aria-label={name}>
        <thead role="rowgroup">
          <tr role="row">{columns.map((c) => <th key={c.key} role="columnheader" scope="col" className={c.isNumber ? "number" : undefined}>{c.head}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row" key={keyOf(row)}>
              {columns.map((c) =>
                c.isHead ? (
                  <th key={c.key} role="rowheader" scope="row" className={c.isText ? "text" : undefined} data-head={c.head}><div>{c.cell(row)}</div></th>
                ) : (
                  <td key={c.key} role="cell" className={c.isNumber ? "number" : c.isText ? "text" : undefined} data-head={c.head}><div>{c.cell(row)}</div></td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
