/**
 * Numbers and rows by the thousand, in statements that SQLite takes: one holds 32,766 variables at most.
 */

import { sql } from 'kysely'

/** Whole numbers as one variable, to stand behind `in` or `not in`. */
export const listed = (numbers: readonly number[]) =>
  sql<number>`(select value from json_each(${JSON.stringify(numbers)}))`

/** At most 2,000 rows at a time, for tables of up to sixteen columns. */
export function* inParts<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += mostRows) yield rows.slice(start, start + mostRows)
}

const mostRows = 2000
