/**
 * Which outputs of a session no longer show what its cuts, stills and preset say: pure comparison, with reasons in words.
 */

import type { FileRole } from '../../db/schema.ts'
import { type Ranges, settingText, type Wanted } from './lineage.ts'
import { clipName, type Named, stillName } from './file_names.ts'

/** An output as its rows tell of it. */
export interface Output {
  id: number
  role: FileRole
  format: string | null
  /** Relative to its root. */
  path: string
  scene: number | null
  frame: number | null
  aspect: string | null
  /** Null where it shows the whole master, or one frame of it. */
  ranges: Ranges | null
  /** What the settings said when it was made; null where nobody knows. */
  wanted: Wanted | null
}

/** What the session would make if it ran now. */
export interface Plan {
  named: Named
  scenes: readonly PlannedScene[]
  /** In the order they are numbered. */
  groups: readonly { number: number; ranges: Ranges }[]
  /** Roles that the session makes at all. */
  roles: ReadonlySet<FileRole>
  wanted(output: Pick<Output, 'role' | 'format'>): Wanted
}

export interface PlannedScene {
  number: number
  startFrame: number
  /** Exclusive. */
  endFrame: number
  ticked: boolean
  /** The frame that its still shows. */
  still: number
}

/** Something to be made: in the place of an output, or one that is not there yet. */
export interface Remake {
  role: FileRole
  /** Of its scene or group. */
  number: number | null
  output: Output | null
  reason: string
}

/** An output that is as it should be, under another name now. Only outputs that change their name are in it. */
export interface Rename {
  output: Output
  number: number
  name: string
}

export interface Staleness {
  remake: Remake[]
  renames: Rename[]
  /** Outputs of scenes and groups that are no more, or are not ticked any more. */
  leftovers: { output: Output; reason: string }[]
}

/** Compares what there is with what there should be. */
export function compareOutputs(outputs: readonly Output[], plan: Plan): Staleness {
  const parts = numberedRoles
    .filter((role) => plan.roles.has(role) || outputs.some((output) => output.role === role))
    .map((role) =>
      compareNumbered(
        outputs.filter((output) => output.role === role),
        role,
        plan,
      ),
    )
  const whole = outputs
    .filter(({ role }) => wholeRoles.includes(role))
    .flatMap((output) => changedSettings(output, plan, null))
  return {
    remake: [...parts.flatMap(({ remake }) => remake), ...whole],
    renames: parts.flatMap(({ renames }) => renames),
    leftovers: parts.flatMap(({ leftovers }) => leftovers),
  }
}

const numberedRoles = ['clip', 'group', 'still_hq', 'still_web', 'thumbnail'] as const
type NumberedRole = (typeof numberedRoles)[number]

/** These follow the master and the settings alone. */
const wholeRoles: readonly FileRole[] = ['master_web', 'rd_hq', 'rd_web']

/** What should be there for one scene or group. */
interface Wish {
  number: number
  ranges: Ranges | null
  frame: number | null
}

function compareNumbered(outputs: Output[], role: NumberedRole, plan: Plan): Staleness {
  const wishes = plan.roles.has(role) ? wishesOf(role, plan) : []
  const free = new Set(outputs)
  const take = (matches: (output: Output) => boolean) => {
    const found = [...free].find(matches)
    if (found) free.delete(found)
    return found
  }
  // Of two that show the same, the one of the same number is meant.
  const same = wishes.map((wish) => ({
    wish,
    output: take((output) => output.scene === wish.number && shows(output, wish)),
  }))
  const moved = same.map(({ wish, output }) => ({ wish, output: output ?? take((one) => shows(one, wish)) }))
  const result: Staleness = { remake: [], renames: [], leftovers: [] }
  for (const { wish, output } of moved) {
    const old = output ?? take(({ scene }) => scene === wish.number)
    if (!old) result.remake.push({ role, number: wish.number, output: null, reason: missingText(role, wish) })
    else if (!output)
      result.remake.push({ role, number: wish.number, output: old, reason: movedText(old, wish) })
    else result.remake.push(...changedSettings(output, plan, wish.number))
    if (old) result.renames.push(...renameOf(old, wish.number, plan))
  }
  for (const output of free) result.leftovers.push({ output, reason: leftoverText(output, plan) })
  return result
}

function wishesOf(role: NumberedRole, { scenes, groups }: Plan): Wish[] {
  if (role === 'group') return groups.map(({ number, ranges }) => ({ number, ranges, frame: null }))
  if (role !== 'clip') return scenes.map(({ number, still }) => ({ number, ranges: null, frame: still }))
  return scenes
    .filter(({ ticked }) => ticked)
    .map(({ number, startFrame, endFrame }) => ({ number, ranges: [[startFrame, endFrame]], frame: null }))
}

function shows(output: Output, { ranges, frame }: Wish): boolean {
  return ranges ? JSON.stringify(output.ranges) === JSON.stringify(ranges) : output.frame === frame
}

function renameOf(output: Output, number: number, plan: Plan): Rename[] {
  const name = nameOf(output, number, plan)
  return name === lastOf(output.path) && output.scene === number ? [] : [{ output, number, name }]
}

function nameOf({ role, aspect, path }: Output, number: number, { named, scenes }: Plan): string {
  const place = { number, count: scenes.length, aspect: aspect ?? '' }
  const isUntold = aspect === null && named.naming.clip.includes('{aspect}')
  if ((role === 'clip' || role === 'group') && !isUntold) return clipName(named, role, place)
  const kind = stillKinds[role]
  // A still whose row does not tell its aspect keeps the name it has.
  return kind === undefined || aspect === null ? lastOf(path) : stillName(named, kind, place)
}

const stillKinds: Partial<Record<FileRole, 'HQ' | 'web' | 'thumb'>> = {
  still_hq: 'HQ',
  still_web: 'web',
  thumbnail: 'thumb',
}

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** What is said of both and differs. A setting that there was not yet says nothing. */
function changedSettings(output: Output, plan: Plan, number: number | null): Remake[] {
  const now = plan.wanted(output)
  const then = output.wanted ?? now
  const changed = Object.keys(then).filter((key) => key in now && then[key] !== now[key])
  if (changed.length === 0) return []
  const words = changed.map((key) => `${settingText(key, now[key])}, it was ${String(then[key])}`)
  return [{ role: output.role, number, output, reason: words.join('; ') }]
}

function movedText({ ranges, frame }: Output, wish: Wish): string {
  if (wish.frame !== null) return `its still is frame ${wish.frame} now, it shows ${frame ?? 'another'}`
  const [old, now] = [ranges?.[0], wish.ranges?.[0]]
  if (!old || !now || ranges?.length !== 1 || wish.ranges?.length !== 1)
    return 'its scenes have other frames now'
  const ends = [
    ['start', now[0] - old[0]],
    ['end', now[1] - old[1]],
  ] as const
  const words = ends
    .filter(([, by]) => by !== 0)
    .map(([end, by]) => `its ${end} moved ${framesText(Math.abs(by))}`)
  return words.join(', ')
}

const framesText = (count: number) => `${count} ${count === 1 ? 'frame' : 'frames'}`

const kindWords: Record<NumberedRole, string> = {
  clip: 'clip',
  group: 'file',
  still_hq: 'full-size still',
  still_web: 'web still',
  thumbnail: 'thumbnail',
}

const missingText = (role: NumberedRole, { number }: Wish) =>
  `${role === 'group' ? 'group' : 'scene'} ${number} has no ${kindWords[role]} yet`

function leftoverText({ role, scene, ranges }: Output, plan: Plan): string {
  if (!plan.roles.has(role)) return 'the preset makes none any more'
  if (role === 'group') return 'there is no such group any more'
  const [first, end] = ranges?.[0] ?? []
  const unticked = plan.scenes.some(
    ({ number, startFrame, endFrame, ticked }) =>
      role === 'clip' && !ticked && (number === scene || (startFrame === first && endFrame === end)),
  )
  return unticked ? 'its scene is not ticked any more' : 'its scene is no more'
}
