/**
 * Files that go, or lose their end, while a session works with them: the master, an output, something half made.
 */

import {
  copyFileSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs'
import path from 'node:path'
import { workFolderName } from '../../../server/engine/folders.ts'
import type { Fault } from '../fault.ts'
import { type Stage, until } from '../stage.ts'

type Damage = 'removed' | 'truncated'

function damage(stage: Stage, file: string, how: Damage): string {
  const { size } = statSync(file)
  const left = how === 'removed' ? 0 : Math.floor(size * stage.random.next())
  if (how === 'removed') rmSync(file)
  else truncateSync(file, left)
  return `${path.basename(file)} ${how === 'removed' ? 'removed' : `cut from ${size} to ${left} bytes`}`
}

const masterFault = (how: Damage): Fault => ({
  kind: `master ${how}`,
  async strike(stage) {
    // What was cut short before anybody looked at it is a film like any other.
    if (how === 'truncated') await until(() => isLookedAt(stage), 60)
    stage.spoilt.add(stage.master)
    return damage(stage, stage.master, how)
  },
  /** As from a backup: the same bytes and the same time. */
  async mend({ master, film }) {
    const { atime, mtime } = statSync(film.path)
    copyFileSync(film.path, `${master}.part`)
    utimesSync(`${master}.part`, atime, mtime)
    renameSync(`${master}.part`, master)
  },
})

const isLookedAt = async (stage: Stage) =>
  (await stage.state()).operations.some(({ name, status }) => name === 'probe' && status === 'completed')

/** An output that a row tells of. Half of the times the server goes down as well. */
const outputFault = (how: Damage): Fault => ({
  kind: `output ${how}`,
  async strike(stage) {
    let what = 'there was no output'
    await until(async () => {
      const { outputs, session } = await stage.state()
      const whole = outputs.filter(({ place }) => existsSync(place))
      if (session.status === 'completed') return true // from here on it is fixity's to find
      if (whole.length > 0) {
        const { place } = stage.random.pick(whole)
        stage.spoilt.add(place)
        what = damage(stage, place, how)
      }
      return whole.length > 0
    }, 10)
    if (stage.random.next() < 0.5) return what
    stage.server().signalAll('SIGKILL')
    await stage.server().ended
    return `${what}, everything killed`
  },
})

const temporaryFault = (how: Damage): Fault => ({
  kind: `temp file ${how}`,
  async strike(stage) {
    let what = 'nothing was half made'
    await until(() => {
      const files = filesIn(path.join(stage.project, workFolderName))
      if (files.length === 0) return false
      try {
        what = damage(stage, stage.random.pick(files), how)
        return true
      } catch {
        return false // it was whole just then, and has its final name
      }
    }, 3)
    return what
  },
})

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : []

export const masterRemoved = masterFault('removed')
export const masterTruncated = masterFault('truncated')
export const outputRemoved = outputFault('removed')
export const outputTruncated = outputFault('truncated')
export const temporaryRemoved = temporaryFault('removed')
export const temporaryTruncated = temporaryFault('truncated')
