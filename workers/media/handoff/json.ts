/**
 * Scenes as JSON, for scripts and for another Cutroom.
 */

import { z } from 'zod'
import { fractionText } from '../timecode.ts'
import type { HandOffFormat } from './hand_off.ts'
import type { Mark } from './marks.ts'

export const json: HandOffFormat = {
  name: 'json',
  title: 'JSON',
  summary: 'for scripts, and to load the cuts again here: frames, times and notes.',
  ending: 'json',
  type: 'application/json',
  write: ({ title, master, rate, frames, duration, startTimecode, scenes }) => {
    const film = { title, master, rate: fractionText(rate), frames, duration, startTimecode }
    return `${JSON.stringify({ ...film, scenes }, null, 2)}\n`
  },
}

const list = z.object({ scenes: z.array(z.object({ startFrame: z.number().int().min(0) })) })

/** Where the scenes begin. @throws Error that says what is not as it should be. */
export function readJson(text: string): Mark[] {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    // The reader's own words quote the text, line breaks and all.
    const said = (error as Error).message.replace(/\s+/g, ' ')
    throw new Error(`This is no JSON: ${said}.`, { cause: error })
  }
  const read = list.safeParse(given)
  if (read.success) return read.data.scenes.map(({ startFrame }) => ({ frame: startFrame }))
  const [issue] = read.error.issues
  throw new Error(
    `The list has no use for “${issue?.path.join('.') ?? ''}”: ${issue?.message ?? 'it cannot be read'}.`,
  )
}
