/**
 * What is told of a master before its archive is ordered: what it is, the room there is, what it will take.
 */

import { findPreset } from '../db/presets.ts'
import { settings } from '../db/settings.ts'
import type { LookData } from '../templates/master_look.tsx'
import { presetSettings } from '../workers/media/presets.ts'
import { AppError } from './errors.ts'
import type { ResearchLook } from './disk/look_rd.ts'
import type { Look, Services } from './services.ts'

interface Chosen {
  /** Its key; the default one where none is named. */
  preset?: string
  /** The R&D folder, relative to the media folder; none where it is empty, or has gone. */
  rd?: string
}

/**
 * @param path relative to the media folder.
 * @throws AppError `master_not_found`.
 */
export async function lookAtMaster(
  services: Pick<Services, 'db' | 'disk' | 'roots' | 'estimates'>,
  path: string,
  chosen: Chosen = {},
): Promise<LookData> {
  const { disk, roots } = services
  const [seen, free] = await Promise.all([disk.look(roots.media, path), disk.free(roots.output)])
  const name = path.slice(path.lastIndexOf('/') + 1)
  return { ...seen, name, free, expected: await expected(services, seen, chosen) }
}

/** Null where there is no picture to estimate by, or no such preset. */
async function expected(
  { db, disk, roots, estimates }: Pick<Services, 'db' | 'disk' | 'roots' | 'estimates'>,
  { probe }: Look,
  { preset = '', rd = '' }: Chosen,
) {
  const row = await findPreset(db, preset === '' ? (await settings(db)).default_preset : preset)
  const known = presetSettings.safeParse(JSON.parse(row?.settings ?? 'null'))
  if (!probe || !known.success) return null
  const research = rd === '' ? 0 : await bytesOf(() => disk.lookAtResearch(roots.media, rd))
  return estimates.ofOrder({ probe, preset: known.data, encoder: 'x264', research })
}

/** A folder that has gone is told of where it is picked. */
async function bytesOf(look: () => Promise<ResearchLook>): Promise<number> {
  try {
    return (await look()).bytes
  } catch (error) {
    if (error instanceof AppError) return 0
    throw error
  }
}
