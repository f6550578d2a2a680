/**
 * New archives: the form, what it is filled with, what is wrong with it, and the sample.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { listPresets } from '../../db/presets.ts'
import { rootsInUse } from '../../db/root_changes.ts'
import { noteSettings, settings } from '../../db/settings.ts'
import { type ArchiveForm, archiveFields, type FormProblem } from '../../templates/archive_fields.tsx'
import { FolderBrowser, type Purpose } from '../../templates/browser.tsx'
import type { LookData, ResearchLookData } from '../../templates/master_look.tsx'
import { NewArchivePage } from '../../templates/new_archive_page.tsx'
import { detectors } from '../../workers/detectors/mod.ts'
import { dateText } from '../../workers/media/naming.ts'
import { presetSettings } from '../../workers/media/presets.ts'
import { readOrder, refusedField } from '../archive_form.ts'
import { usualThreshold } from '../commands/settings.ts'
import { AppError } from '../errors.ts'
import { lookAtMaster } from '../master_look.ts'
import { may, takesForm, takesNothing, takesQuery } from '../http/route.ts'
import type { Services } from '../services.ts'

const text = z.string().max(10_000).default('')
/** Texts as they were typed; what they mean is told after, so that a refusal keeps them. */
const form = z.object(
  Object.fromEntries(archiveFields.map((name) => [name, text])) as Record<keyof ArchiveForm, typeof text>,
)
/** The same in the address, with the folders that are open where there is no JavaScript. */
const begun = form.partial().extend({ open: text, rdOpen: text.optional() })

export function archives(services: Services) {
  const { sessions } = services
  return new Hono()
    .get('/archives/new', may('anyone'), takesQuery(begun), async (c) => {
      const { open, rdOpen, ...given } = c.get('taken')
      const filled = { ...(await defaults(services)), ...withoutGaps(given) }
      return c.html(await page(services, filled, null, await openFolders(services, filled, open, rdOpen)))
    })
    .post('/archives', may('anyone'), takesForm(form), async (c) => {
      const given = c.get('taken')
      try {
        const order = await readOrder(services, given)
        const { key } = await sessions.order(order)
        await noteSettings(services.db, {
          last_master_directory: parentOf(given.master),
          ...(given.rd !== '' && { last_rd_directory: given.rd }),
          ...(order.out !== undefined && { last_output_directory: order.out }),
        })
        return c.redirect(`/sessions/${key}`, 303)
      } catch (error) {
        const problem = AppError.from(error)
        if (problem.code === 'unexpected') throw error
        const refused = { field: refusedField(problem), message: problem.detail ?? problem.message }
        return c.html(await page(services, given, refused), problem.status)
      }
    })
    .post('/archives/sample', may('anyone'), takesNothing(), async (c) => {
      const choice = { scenes: 'all', groups: [] }
      const { key } = await sessions.order({ master: services.sample, artwork: 'Sintel', choice })
      return c.redirect(`/sessions/${key}`, 303)
    })
}

async function page(
  services: Services,
  given: ArchiveForm,
  problem: FormProblem | null,
  open: Partial<Record<Purpose, string | undefined>> = {},
) {
  const { db, machine } = services
  const eventId = await lastEventId(db)
  const chosen = await settings(db)
  const outputs = (await rootsInUse(db)).filter(({ kind }) => kind === 'output')
  const browse = (purpose: Purpose) => folderBrowser(services, purpose, given, open[purpose])
  return NewArchivePage({
    eventId,
    form: given,
    problem,
    today: dateText(new Date()),
    presets: await listPresets(db),
    nvenc: machine.nvenc && chosen.gpu_enabled,
    detectors: detectors.map((detector) => ({
      ...detector,
      threshold: { ...detector.threshold, usual: usualThreshold(detector, chosen) },
    })),
    outputs: outputs.map(({ key, name, path }) => ({ key, name: name ?? path })),
    look: await look(services, given),
    rdLook: await lookAtResearch(services, given.rd),
    speeds: presetSettings.shape.video.shape.speed.options,
    browsers: { master: await browse('master'), rd: await browse('rd') },
  })
}

/** A folder that has gone since shows the top one: the form is not lost for it. */
async function folderBrowser(
  { disk, roots }: Services,
  purpose: Purpose,
  given: ArchiveForm,
  open = parentOf(given[purpose]),
) {
  const listing = await disk.list(roots.media, open).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error
    return disk.list(roots.media, '')
  })
  const carried = new URLSearchParams(Object.entries(given).filter(([, value]) => value !== ''))
  const pageOf = (path: string) => {
    const params = new URLSearchParams(carried)
    params.set(purpose === 'master' ? 'open' : 'rdOpen', path)
    return `/archives/new?${params}`
  }
  return FolderBrowser({ purpose, listing, root: roots.media, picked: given[purpose], pageOf })
}

/** Null where nothing is picked, or it is gone: the form says so when it is sent. */
async function look(services: Services, { master, preset, rd }: ArchiveForm): Promise<LookData | null> {
  if (master === '') return null
  try {
    return await lookAtMaster(services, master, { preset, rd })
  } catch (error) {
    if (error instanceof AppError && error.code !== 'unexpected') return null
    throw error
  }
}

/** Null where none is picked, or it has gone: the start itself says so. */
async function lookAtResearch({ disk, roots }: Services, path: string): Promise<ResearchLookData | null> {
  if (path === '') return null
  try {
    return { path, ...(await disk.lookAtResearch(roots.media, path)) }
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function defaults({ db, machine }: Services): Promise<ArchiveForm> {
  const chosen = await settings(db)
  return {
    ...empty,
    preset: chosen.default_preset,
    encoder: machine.nvenc && chosen.gpu_enabled ? chosen.encoder_preference : 'x264',
    detector: chosen.detector_default,
    output: await lastOutput(db, chosen.last_output_directory),
    minSceneLength: String(chosen.min_scene_length_default),
    ifExists: 'version',
  }
}

/** Where the last archive came from, unless something is picked or opened already. */
async function openFolders({ db }: Services, form: ArchiveForm, open: string, rdOpen: string | undefined) {
  const { last_master_directory: master, last_rd_directory: rd } = await settings(db)
  return {
    master: open || (form.master === '' ? master : parentOf(form.master)),
    rd: rdOpen ?? (form.rd === '' ? parentOf(rd) : undefined),
  }
}

async function lastOutput(db: Services['db'], folder: string): Promise<string> {
  return (await rootsInUse(db)).find(({ kind, path }) => kind === 'output' && path === folder)?.key ?? ''
}

const empty = Object.fromEntries(archiveFields.map((name) => [name, ''])) as Record<keyof ArchiveForm, string>

/** What the address says nothing of keeps its default. */
const withoutGaps = (given: { [name in keyof ArchiveForm]?: string | undefined }): Partial<ArchiveForm> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => Boolean(value)))

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
