/**
 * From the texts of the new archive's form to an order, and from a refusal back to the field it is about.
 */

import { rootsInUse } from '../db/root_changes.ts'
import type { ArchiveForm } from '../templates/archive_fields.tsx'
import type { ArchiveOrder } from './commands/archive.ts'
import { AppError } from './errors.ts'
import type { Services } from './services.ts'

/** The fields that stand for one setting of the preset. */
const settingOf = {
  crf: 'video.crf',
  speed: 'video.speed',
  quality: 'stills_web.quality',
  maxWidth: 'stills_web.max_width',
} as const satisfies Partial<Record<keyof ArchiveForm, string>>

/** @throws AppError with the form's field, where what was typed has no meaning or what was picked is not there. */
export async function readOrder(
  { db, disk, roots }: Pick<Services, 'db' | 'disk' | 'roots'>,
  form: ArchiveForm,
): Promise<ArchiveOrder> {
  if (form.artwork.trim() === '')
    throw refused('artwork', 'Give the artwork a name: files are named after it.')
  if (form.master === '') throw refused('master', 'Pick a master: the video that everything is made of.')
  const place = (field: 'master' | 'rd') =>
    disk.resolve(roots.media, form[field]).catch((error: unknown) => {
      throw error instanceof AppError ? refused(field, goneWords[field], error) : error
    })
  return {
    master: await place('master'),
    rd: form.rd === '' ? undefined : await place('rd'),
    artwork: form.artwork,
    date: textOf(form.date),
    preset: textOf(form.preset),
    encoder: textOf(form.encoder),
    detector: textOf(form.detector),
    out: await outputFolder(db, form.output),
    threshold: numberOf(form, 'threshold'),
    minSceneLength: numberOf(form, 'minSceneLength'),
    ifExists: textOf(form.ifExists),
    aspect: textOf(form.aspect),
    overrides: overridesOf(form),
    choice: null,
  }
}

/** Only a declared root; undefined is the usual one. @throws AppError with the field. */
async function outputFolder(db: Services['db'], key: string): Promise<string | undefined> {
  if (key === '') return undefined
  const root = (await rootsInUse(db)).find((one) => one.key === key && one.kind === 'output')
  if (!root) throw refused('output', 'That output folder is not there any more. Pick another.')
  return root.path
}

const goneWords = {
  master: 'That file is not there any more. Pick another.',
  rd: 'That folder is not there any more. Pick another, or none.',
}

function overridesOf(form: ArchiveForm): Record<string, string> {
  const own = Object.entries(settingOf).flatMap(([field, key]) => {
    const value = form[field as keyof typeof settingOf].trim()
    return value === '' ? [] : [[key, value]]
  })
  const lines = form.more.split('\n').map((line) => line.trim())
  const more = lines.filter(Boolean).map((line) => {
    const [, key, value] = /^([\w.]+)\s*=\s*(.+)$/.exec(line) ?? []
    if (key === undefined || value === undefined)
      throw refused('more', `“${line}” is not written as key=value, such as audio.bitrate=192.`)
    return [key, value]
  })
  return Object.fromEntries([...own, ...more]) as Record<string, string>
}

function numberOf(form: ArchiveForm, field: 'threshold' | 'minSceneLength'): number | undefined {
  const text = textOf(form[field])
  if (text === undefined) return undefined
  const value = Number(text.replace(',', '.'))
  if (Number.isNaN(value)) throw refused(field, `“${text}” is not a number.`)
  return value
}

const textOf = (text: string) => (text.trim() === '' ? undefined : text.trim())

const refused = (field: keyof ArchiveForm, detail: string, cause?: unknown) =>
  new AppError('bad_input', { field, detail, cause })

/** The field that a refusal is about, as far as one can be told. */
export function refusedField({ code, field, detail = '' }: AppError): keyof ArchiveForm | undefined {
  if (code === 'master_not_found') return 'master'
  if (code === 'folder_not_found') return 'rd'
  if (code === 'folder_exists') return 'ifExists'
  if (code === 'preset_not_found') return 'preset'
  if (field !== 'overrides') return field as keyof ArchiveForm | undefined
  const [own] = Object.entries(settingOf).find(([, key]) => detail.startsWith(`${key}:`)) ?? []
  return (own as keyof typeof settingOf | undefined) ?? 'more'
}
