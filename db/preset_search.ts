/**
 * Presets as their list shows them: searched, in order, by category.
 */

import { sql } from 'kysely'
import type { Db, Preset } from './schema.ts'

export const presetSorts = ['name', 'category', 'used', 'last', 'changed'] as const

export type PresetSort = (typeof presetSorts)[number]

const columnOf = {
  name: 'name',
  category: 'category',
  used: 'use_count',
  last: 'last_used_at',
  changed: 'modified_at',
} as const satisfies Record<PresetSort, keyof Preset>

/** Those with every one of the words in their name, id, category or description. */
export function searchPresets(
  db: Db,
  { words, sort, order }: { words: string; sort: PresetSort; order: 'asc' | 'desc' },
): Promise<Preset[]> {
  let query = db.selectFrom('preset').selectAll()
  for (const word of words.split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
    query = query.where(
      sql<boolean>`concat_ws(char(10), name, key, category, description) like ${pattern} escape '\\'`,
    )
  }
  const column = columnOf[sort]
  return query
    .orderBy(column, (by) => (order === 'asc' ? by.asc() : by.desc()).nullsLast().collate('nocase'))
    .orderBy('id')
    .execute()
}

/** What presets have been put under so far, in order. */
export async function presetCategories(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('preset').select('category').distinct().orderBy('category').execute()
  return rows.flatMap(({ category }) => (category === null ? [] : [category]))
}
