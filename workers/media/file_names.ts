/**
 * The studio's way of naming: a template for the project folder and one for each kind of file, and four folders.
 */

import { z } from 'zod'
import { fillTemplate, numbered, projectFolderName, safeName } from './naming.ts'

export const namingShape = z.object({
  project: z.string(),
  /** Full-size, web and thumbnail. */
  still: z.string(),
  /** Clips and groups. */
  clip: z.string(),
  /** The optimised master; the copied one keeps its own name. */
  master: z.string(),
  /** R&D, full-size and compressed. */
  research: z.string(),
  folders: z.object({ masters: z.string(), clips: z.string(), stills: z.string(), research: z.string() }),
})

/** Kept with each session as it was when the session began: a change never renames half of a project. */
export type Naming = z.infer<typeof namingShape>

export const usualNaming: Naming = {
  project: '{date}_{artwork}',
  still: '{artwork}_{type}_{seq}_{aspect}',
  clip: '{artwork}_{type}_{seq}',
  master: '{artwork}_{type}',
  research: '{artwork}_{type}_{seq}_{aspect}',
  folders: { masters: 'Masters', clips: 'Video-clips', stills: 'Stills', research: 'R&D' },
}

/** What names are made of, besides the template. */
export interface Named {
  artwork: string
  /** YY-MM-DD. */
  projectDate: string
  naming: Naming
}

/** Folders of a project, relative to it. */
export const foldersOf = ({ folders: { masters, clips, stills, research } }: Naming) => ({
  masters,
  clips,
  stillsHq: `${stills}/HQ`,
  stillsWeb: `${stills}/Compressed`,
  thumbnails: `${stills}/Thumbnails`,
  rdHq: `${research}/High-res`,
  rdWeb: `${research}/Compressed`,
})

/** The project folder: `26-11-20_Tide-Study`. */
export const projectName = ({ artwork, projectDate, naming }: Named) =>
  projectFolderName(projectDate, artwork, naming.project)

/** The optimised master: `Tide-Study_master.mp4`. */
export const masterName = (named: Named) => `${filled(named, named.naming.master, { type: 'master' })}.mp4`

/** Which of how many: the count decides the digits. */
interface Place {
  number: number
  count: number
  aspect: string
}

/** `Tide-Study_clip_01.mp4`, `Tide-Study_group_01.mp4`. `count`: of scenes. */
export const clipName = (named: Named, type: 'clip' | 'group', place: Place) =>
  `${filled(named, named.naming.clip, { type, ...seqOf(place) })}.mp4`

/** `Tide-Study_HQ_01_16x9.png`, `Tide-Study_web_01_16x9.jpg`, `Tide-Study_thumb_01_16x9.jpg`. */
export const stillName = (named: Named, type: 'HQ' | 'web' | 'thumb', place: Place) =>
  `${filled(named, named.naming.still, { type, ...seqOf(place) })}.${type === 'HQ' ? 'png' : 'jpg'}`

/** `Tide-Study_RD_HQ_01_16x9.png`, `Tide-Study_RD_compressed_01_16x9.jpg`, `.mp4` for videos. */
export const rdName = (
  named: Named,
  kind: 'HQ' | 'compressed',
  place: Place,
  extension: 'png' | 'jpg' | 'mp4',
) => `${filled(named, named.naming.research, { type: `RD_${kind}`, ...seqOf(place) })}.${extension}`

const seqOf = ({ number, count, aspect }: Place) => ({
  seq: numbered(number, count),
  aspect: safeName(aspect),
})

const filled = ({ artwork, projectDate }: Named, template: string, values: Record<string, string>) =>
  fillTemplate(template, { artwork: safeName(artwork), date: safeName(projectDate), ...values })
