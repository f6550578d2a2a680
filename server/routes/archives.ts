/**
 * New archives: the form, what it is filled with, what is wrong with it, and the sample.
 */

import { Hono } from 'hono'
import { z } from 'zod'
import { lastEventId } from '../../db/events.ts'
import { listPresets } from '../../db/presets.ts'
import { settings } from '../../db/settings.ts'
import { FolderBrowser, type Purpose } from '../../templates/browser.tsx'
import type { LookData, ResearchLookData } from '../../templates/master_look.tsx'
import {
  type ArchiveForm,
  archiveFields,
  type FormProblem,
  NewArchivePage,
} from '../../templates/new_archive_page.tsx'
import { presetSettings } from '../../workers/media/presets.ts'
import { readOrder, refusedField } from '../archive_form.ts'
import { AppError } from '../errors.ts'
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
      return c.html(
        await page(services, filled, null, { master: open || parentOf(filled.master), rd: rdOpen }),
      )
    })
    .post('/archives', may('anyone'), takesForm(form), async (c) => {
      const given = c.get('taken')
      try {
        const { key } = await sessions.order(await readOrder(services, given))
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
  const browse = (purpose: Purpose) => folderBrowser(services, purpose, given, open[purpose])
  return NewArchivePage({
    eventId,
    form: given,
    problem,
    presets: await listPresets(db),
    nvenc: machine.nvenc,
    look: await look(services, given.master),
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
async function look({ disk, roots }: Services, master: string): Promise<LookData | null> {
  if (master === '') return null
  try {
    const seen = await disk.look(roots.media, master)
    return { ...seen, name: lastOf(master), needed: seen.bytesNeeded, free: await disk.free(roots.output) }
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
    encoder: machine.nvenc ? chosen.encoder_preference : 'x264',
    threshold: String(chosen.scene_threshold_default),
    minSceneLength: String(chosen.min_scene_length_default),
    ifExists: 'version',
  }
}

const empty = Object.fromEntries(archiveFields.map((name) => [name, ''])) as Record<keyof ArchiveForm, string>

/** What the address says nothing of keeps its default. */
const withoutGaps = (given: { [name in keyof ArchiveForm]?: string | undefined }): Partial<ArchiveForm> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => Boolean(value)))

const parentOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
