/**
 * How many bytes a second of clip takes, from what has been encoded before.
 */

import { presetSettings } from '../workers/media/presets.ts'
import type { Db, Session } from './schema.ts'

/** x264: so much more CRF halves the bytes, roughly. */
const crfToHalve = 6
/** A clip begins with a whole picture of its own. With it the sample came to 0.93 of what its clips then took. */
const beginning = 1.1

/**
 * Bytes a second, roughly: from the session's own optimised master, which has the picture and size of its clips and
 * another CRF, or else from clips that were made with the same settings. Null where there is neither.
 */
export async function clipRate(db: Db, session: Session): Promise<number | null> {
  return (await ownRate(db, session)) ?? (await pastRate(db, session))
}

async function ownRate(db: Db, { id, preset_settings }: Session): Promise<number | null> {
  const master = await db
    .selectFrom('file')
    .select(['bytes', 'duration', 'settings'])
    .where('session_id', '=', id)
    .where('role', '=', 'master_web')
    .executeTakeFirst()
  const made = crfOf(master?.settings)
  const preset = presetSettings.safeParse(JSON.parse(preset_settings))
  if (!master?.bytes || !master.duration || made === null || !preset.success) return null
  return (master.bytes / master.duration) * beginning * 2 ** ((made - preset.data.video.crf) / crfToHalve)
}

function crfOf(settings: string | null | undefined): number | null {
  const { crf } = JSON.parse(settings ?? '{}') as { crf?: unknown }
  return typeof crf === 'number' ? crf : null
}

/** The newest tell enough, and are found without reading them all. */
const mostSessions = 20
const mostClips = 200

async function pastRate(db: Db, { preset_settings }: Session): Promise<number | null> {
  const lately = db
    .selectFrom('session')
    .select(['id', 'preset_settings'])
    .orderBy('id', 'desc')
    .limit(mostSessions)
  const clips = await db
    .selectFrom(lately.as('lately'))
    .innerJoin('file', 'file.session_id', 'lately.id')
    .select(['file.bytes', 'file.duration'])
    .where('lately.preset_settings', '=', preset_settings)
    .where('file.role', '=', 'clip')
    .where('file.duration', '>', 0)
    .limit(mostClips)
    .execute()
  const sum = (key: 'bytes' | 'duration') => clips.reduce((total, clip) => total + (clip[key] ?? 0), 0)
  return clips.length === 0 ? null : sum('bytes') / sum('duration')
}
