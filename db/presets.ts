/**
 * Presets as rows: the built-in ones are the program's, the others a person's.
 */

import { builtinPresets, type PresetDocument } from '../workers/media/presets.ts'
import type { Db } from './schema.ts'

/** Writes the built-ins of this program over those of an older one; what counts their use stays. */
export async function syncBuiltins(db: Db): Promise<void> {
  for (const preset of builtinPresets) {
    const row = { ...rowOf(preset), builtin: 1 }
    await db
      .insertInto('preset')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute()
  }
}

function rowOf({ id, name, base, category, description, settings }: PresetDocument) {
  return {
    key: id,
    name,
    base: base ?? null,
    category: category ?? null,
    description: description ?? null,
    settings: JSON.stringify(settings),
  }
}
