/**
 * Ids and names for presets that no other has.
 */

import type { Db } from './schema.ts'

/** "Größe & Glanz" is `grosse_glanz`. */
export const idOf = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+/, '')
    .slice(0, 58)
    .replace(/_+$/, '') || 'preset'

/** `key` itself where nobody has it, else `key_2`, `key_3`… */
export const freeKey = (db: Db, key: string) =>
  firstFree(db, 'key', key, (number) => `${key.slice(0, 58)}_${number}`)

/** `name` itself where nobody has it, else “name (2)”, “name (3)”…; as it is written down where it is cut in half a letter. */
export const freeName = (db: Db, name: string) =>
  firstFree(db, 'name', name.toWellFormed(), (number) => `${name.slice(0, 93)} (${number})`.toWellFormed())

async function firstFree(
  db: Db,
  column: 'key' | 'name',
  wanted: string,
  numbered: (number: number) => string,
): Promise<string> {
  const rows = await db.selectFrom('preset').select(column).execute()
  const taken = new Set(rows.map((row) => row[column]))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(numbered(number))) number += 1
  return numbered(number)
}
