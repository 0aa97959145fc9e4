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

/** A table that says its name; the wide ones scroll within themselves. */
export function Table<T>({ name, columns, rows, keyOf }: {
  name: string;
  columns: Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}) {
  return (
    <div className="table" role="group" aria-label={name} tabIndex={0}>
      <table aria-label={name}>
        <thead>
          <tr>{columns.map((c) => <th key={c.key} scope="col" className={c.isNumber ? "number" : undefined}>{c.head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((c) =>
                c.isHead ? (
                  <th key={c.key} scope="row">{c.cell(row)}</th>
                ) : (
                  <td key={c.key} className={c.isNumber ? "number" : c.isText ? "text" : undefined}>{c.cell(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
