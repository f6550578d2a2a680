/**
 * Rows of the database as a table, whatever their columns are.
 */

import type { Child } from 'hono/jsx'
import type { Cell, Rows } from '../db/look.ts'

interface RowsTableProps extends Rows {
  label: string
  head?: (column: string) => Child
}

export function RowsTable({ columns, rows, label, head }: RowsTableProps) {
  const kinds = columns.map((_, i) => (rows.some((row) => typeof row[i] === 'number') ? 'number' : undefined))
  return (
    <div class='scroll' tabindex={0} role='group' aria-label={label}>
      <table class='table cells'>
        <thead>
          <tr>
            {columns.map((column, i) => (
              <th scope='col' class={kinds[i]}>
                {head ? head(column) : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell, i) => (
                <td class={kinds[i]}>
                  <Value cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Longer texts are folded to one line, and unfold where they stand. */
const longestLine = 40

function Value({ cell }: { cell: Cell }) {
  if (cell === null) return <span class='soft'>null</span>
  if (typeof cell === 'number' || cell.length <= longestLine) return <>{cell}</>
  return (
    <details>
      <summary>{cell}</summary>
    </details>
  )
}
