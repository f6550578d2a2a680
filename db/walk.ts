/**
 * Reads the rows of a damaged table: from both ends, then around whatever cannot be read between.
 */

import type Sqlite from 'better-sqlite3'

export interface Walked {
  rowid: number
  values: unknown[]
}

/** How many failures are enough: of one table, and of one that nothing was read of yet. */
const tries = { all: 20_000, blind: 500 }

export interface Walk {
  rows: Iterable<Walked>
  /** How often something could not be read; known once all rows were taken. */
  failures(): number
}

/**
 * Every row of `table` that can still be read, each once, in no order.
 * @param columns names, quoted where needed.
 * @param last no rowid is higher.
 */
export function walkTable(handle: Sqlite.Database, table: string, columns: string[], last: number): Walk {
  const select = (order: 'asc' | 'desc') =>
    handle
      .prepare<[number, number], unknown[]>(
        `select rowid, ${columns.join(', ')} from ${table} not indexed
         where rowid between ? and ? order by rowid ${order}`,
      )
      .raw()
      .safeIntegers()
  const [up, down] = [select('asc'), select('desc')]
  let [failures, taken] = [0, 0]

  /** What lies between, until something cannot be read. @returns where it stopped; past the other end if nowhere. */
  function* run(statement: typeof up, from: number, to: number, step: 1 | -1): Generator<Walked, number> {
    let next = step === 1 ? from : to
    try {
      for (const [id, ...values] of statement.iterate(from, to)) {
        const rowid = Number(id)
        if ((rowid - next) * step < 0) continue // a damaged page may repeat what was read
        taken += 1
        yield { rowid, values }
        next = rowid + step
      }
      return step === 1 ? to + 1 : from - 1
    } catch {
      failures += 1
      return next
    }
  }

  /** The widest gaps first, so that patience is spent where most may lie. */
  function* all(): Generator<Walked> {
    const gaps: [from: number, to: number][] = [[0, last]]
    for (
      let gap = gaps.shift();
      gap && failures < (taken === 0 ? tries.blind : tries.all);
      gap = gaps.shift()
    ) {
      const [from, to] = gap
      const low = yield* run(up, from, to, 1)
      if (low > to) continue
      const high = yield* run(down, low, to, -1)
      if (high <= low) continue // one row, or none
      const middle = Math.floor((low + high) / 2)
      gaps.push([low, middle], [middle + 1, high])
    }
  }

  return { rows: all(), failures: () => failures }
}

/** The highest rowid that anything still tells of: the table's end, its counter, or an index. */
export function highestRowid(handle: Sqlite.Database, table: string): number {
  const told = [
    () => handle.prepare(`select max(rowid) from ${table} not indexed`).pluck().get(),
    () => handle.prepare('select seq from sqlite_sequence where name = ?').pluck().get(unquoted(table)),
    ...indexesOf(handle, table).map((index) => () => maxIn(handle, table, index)),
  ].map(attempt)
  return Math.max(...told.map((value) => Number(value ?? 0)), 0)
}

/** How many rows an index still counts, which is how many there were; null where none can be read. */
export function countByIndex(handle: Sqlite.Database, table: string): number | null {
  const counts = indexesOf(handle, table)
    .map((index) => () => handle.prepare(`select count(*) from ${table} indexed by "${index}"`).pluck().get())
    .map(attempt)
    .filter((count) => typeof count === 'number')
  return counts.length === 0 ? null : Math.max(...counts)
}

const maxIn = (handle: Sqlite.Database, table: string, index: string) =>
  handle.prepare(`select max(rowid) from ${table} indexed by "${index}"`).pluck().get()

/** Those without a condition, which hold every row. */
function indexesOf(handle: Sqlite.Database, table: string): string[] {
  const list = attempt(() =>
    handle.prepare<[], { name: string; partial: number }>(`pragma index_list(${table})`).all(),
  )
  return (list ?? []).filter(({ partial }) => partial === 0).map(({ name }) => name)
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

const unquoted = (name: string) => name.replace(/^"|"$/g, '')
