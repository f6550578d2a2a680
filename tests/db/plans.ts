/**
 * Reads how SQLite goes about statements, to find those that walk through a whole table which grows.
 */

import { handleOf } from '../../db/open.ts'
import type { Db } from '../../db/schema.ts'

/** Tables that stay small. */
const small = /^SCAN (root|preset|state_import|setting|kysely_migration|sqlite_master|json_each|p)\b/
/** Rows that another step of the plan has found, or that the statement itself holds. */
const found =
  /^SCAN (\(subquery-\d+\)|CONSTANT ROW|\d+-ROW VALUES CLAUSE|(scene|scenes|groups|lately|project_statistics)$)/

export interface Statement {
  /** With `?` in the place of values. */
  statement: string
  values: readonly unknown[]
}

/** A step of a statement's plan that walks through a table or a whole index. */
export interface Walk {
  statement: string
  step: string
}

/** The steps of these statements that walk through what grows. */
export const walks = (db: Db, statements: Iterable<Statement>): Walk[] =>
  [...statements]
    .filter(({ statement }) => /^(select|insert|update|delete|with)\b/i.test(statement.trim()))
    .flatMap(({ statement, values }) =>
      planOf(db, statement, values)
        .filter((step) => step.startsWith('SCAN ') && !small.test(step) && !found.test(step))
        .map((step) => ({ statement: statement.replace(/\s+/g, ' ').trim(), step })),
    )

/** The statements inside all triggers. What a row has in its columns is null here: a value changes no plan. */
export function triggerStatements(db: Db): Statement[] {
  const triggers = handleOf(db)
    .prepare<[], string>(`select sql from sqlite_master where type = 'trigger'`)
    .pluck()
    .all()
  return triggers.flatMap((sql) => {
    const body = sql.slice(sql.search(/\bbegin\b/) + 'begin'.length, sql.lastIndexOf('end'))
    return body
      .split(/;\s*(?:\n|$)/)
      .map((statement) => statement.replace(/\b(new|old)\.\w+/g, 'null').trim())
      .filter((statement) => statement !== '')
      .map((statement) => ({ statement, values: [] }))
  })
}

function planOf(db: Db, statement: string, values: readonly unknown[]): string[] {
  const plan = handleOf(db).prepare<unknown[], { detail: string }>(`explain query plan ${statement}`)
  return plan.all(...values).map(({ detail }) => detail)
}
