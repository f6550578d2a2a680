/**
 * Whether a way of naming can be used: every name valid on Linux, macOS and Windows, and no two files of one name.
 */

import {
  clipName,
  foldersOf,
  masterName,
  type Named,
  type Naming,
  projectName,
  rdName,
  stillName,
} from './file_names.ts'
import { fillTemplate, safeName } from './naming.ts'

/** A template's or a folder's own name: "still", "folders.masters". */
export type NamingField = Exclude<keyof Naming, 'folders'> | `folders.${keyof Naming['folders']}`

export type NamingProblems = Partial<Record<NamingField, string>>

/** What may stand in braces, and what it becomes. */
export const tokens = {
  artwork: 'the artwork’s name',
  date: 'the project’s date',
  type: 'HQ, web, thumb, clip, group, master, RD_HQ or RD_compressed',
  seq: 'the number of the scene, group or file',
  aspect: 'the picture’s aspect, as 16x9',
} as const

type Token = keyof typeof tokens

/** What each template can know. */
export const tokensOf: Record<Exclude<keyof Naming, 'folders'>, readonly Token[]> = {
  project: ['date', 'artwork'],
  still: ['artwork', 'type', 'seq', 'aspect', 'date'],
  clip: ['artwork', 'type', 'seq', 'aspect', 'date'],
  master: ['artwork', 'type', 'date'],
  research: ['artwork', 'type', 'seq', 'aspect', 'date'],
}

/** What is wrong with which part; empty where it can be used. */
export function namingProblems(naming: Naming): NamingProblems {
  const templates = Object.entries(tokensOf).map(([name, allowed]) => {
    const kind = name as keyof typeof tokensOf
    return [kind, templateProblem(naming[kind], allowed) ?? sampleProblem(naming, kind)] as const
  })
  const names = Object.entries(naming.folders)
  const folders = names.map(([name, folder]) => {
    const twin = names.find(([other, text]) => other !== name && same(text, folder))
    return [`folders.${name}` as NamingField, folderProblem(folder, twin !== undefined)] as const
  })
  return Object.fromEntries([...templates, ...folders].filter(([, problem]) => problem !== null))
}

/** What a project would look like: its folder, and the files in each of its folders. */
export function sampleProject(naming: Naming, artwork: string, projectDate: string) {
  const named = { naming, artwork, projectDate }
  return { folder: projectName(named), files: Object.values(filesOf(named)).flat() }
}

interface SampleFile {
  folder: string
  name: string
}

/** Two of each kind, by the template that names them. */
function filesOf(named: Named): Record<keyof typeof tokensOf, SampleFile[]> {
  const folders = foldersOf(named.naming)
  const places = [1, 2].map((number) => ({ number, count: 12, aspect: '16x9' }))
  const each = (folder: string, name: (place: (typeof places)[number]) => string) =>
    places.map((place) => ({ folder, name: name(place) }))
  return {
    project: [],
    master: [{ folder: folders.masters, name: masterName(named) }],
    clip: [
      ...each(folders.clips, (place) => clipName(named, 'clip', place)),
      ...each(folders.clips, (place) => clipName(named, 'group', place)),
    ],
    still: [
      ...each(folders.stillsHq, (place) => stillName(named, 'HQ', place)),
      ...each(folders.stillsWeb, (place) => stillName(named, 'web', place)),
      ...each(folders.thumbnails, (place) => stillName(named, 'thumb', place)),
    ],
    research: [
      ...each(folders.rdHq, (place) => rdName(named, 'HQ', place, 'png')),
      ...each(folders.rdWeb, (place) => rdName(named, 'compressed', place, 'jpg')),
    ],
  }
}

function templateProblem(template: string, allowed: readonly Token[]): string | null {
  const list = allowed.map((token) => `{${token}}`).join(', ')
  for (const [whole, name = ''] of template.matchAll(/\{(\w*)\}/g))
    if (!allowed.some((token) => token === name)) return `${whole} says nothing here; there are ${list}`
  const plain = template.replace(/\{\w+\}/g, '')
  if (/[{}]/.test(plain)) return 'a brace stands alone'
  const bad = /[<>:"/\\|?*#%&'`^[\]\s\p{C}]/u.exec(plain)?.[0]
  if (bad !== undefined) return `“${bad}” cannot stand in a name on every system or in an address`
  if (!template.includes('{artwork}')) return 'without {artwork} nobody could tell whose it is'
  return template.length > longestTemplate ? `it is longer than ${longestTemplate} letters` : null
}

/** A file name has 255 bytes at most, and a long artwork’s name takes 120 of them. */
const [longestTemplate, longestName] = [80, 200]

/** Faults that only names made with the template show. */
function sampleProblem(naming: Naming, kind: keyof typeof tokensOf): string | null {
  const named = { naming, artwork: 'Tide Study', projectDate: '26-11-20' }
  const files = kind === 'project' ? [{ folder: '', name: projectName(named) }] : filesOf(named)[kind]
  const [twin] = files.filter((file, index) =>
    files.some((other, at) => at < index && other.folder === file.folder && same(other.name, file.name)),
  )
  if (twin) {
    const missing = naming[kind].includes('{seq}') ? '{type}' : '{seq}'
    return `two files would be called ${twin.name}; add ${missing}`
  }
  for (const { name } of files) {
    const stem = kind === 'project' ? name : name.replace(/\.\w+$/, '')
    if (safeName(stem) !== stem) return `${name} is not valid everywhere: it may not begin or end with - or .`
  }
  const longest = fillTemplate(naming[kind], {
    artwork: 'x'.repeat(120),
    date: '26-11-20',
    type: 'RD_compressed',
    seq: '1000',
    aspect: '235x100',
  })
  return longest.length > longestName ? 'with a long artwork’s name it would be too long for a file' : null
}

function folderProblem(folder: string, taken: boolean): string | null {
  if (taken) return `two folders cannot both be called ${folder}`
  if (same(folder, 'process_log.txt')) return 'the log is called that'
  // The studio's own “R&D” has a sign that an address must write otherwise, and a folder may have.
  const plain = folder.replaceAll('&', 'and')
  if (plain.trim() === '') return 'give it a name'
  if (folder.length > 60) return 'it is longer than 60 letters'
  return safeName(plain) === plain
    ? null
    : `a folder cannot be called that everywhere; “${safeName(folder)}” can`
}

const same = (one: string, other: string) =>
  one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase()
