/**
 * Disks that are full, and folders that may not be written: on a small file system made for it.
 */

import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import type { Fault } from '../fault.ts'
import type { Stage } from '../stage.ts'

const mounted = new Set<string>()
process.on('exit', () => [...mounted].reverse().forEach(unmount))

/** Enough for any session of the campaign. */
const size = '96m'

const mayMount = () =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? undefined
    : 'only root on Linux may make a small disk'

export const fullOutput = fullDisk('output disk full', ({ data }) => path.join(data, 'output'))
export const fullData = fullDisk('every disk full', ({ data }) => data)

function fullDisk(kind: string, folderOf: (stage: Stage) => string): Fault {
  const ballast = (stage: Stage) => path.join(folderOf(stage), '.ballast')
  return {
    kind,
    lacks: mayMount,
    async prepare(stage) {
      const folder = folderOf(stage)
      if (mounted.has(folder)) return // it may strike a session twice
      mkdirSync(folder, { recursive: true })
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
      mounted.add(folder)
    },
    async strike(stage) {
      const left = stage.random.pick([0, 8192, 100_000, 400_000])
      fill(ballast(stage), left)
      return `${left} bytes left on the disk`
    },
    async mend(stage) {
      rmSync(ballast(stage), { force: true })
    },
    async clear(stage) {
      unmount(folderOf(stage))
    },
  }
}

/** Writes until so many bytes are free. */
function fill(file: string, left: number): void {
  const handle = openSync(file, 'a')
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(path.dirname(file))
      const room = bavail * bsize - left
      if (room <= 0) return
      writeSync(handle, Buffer.alloc(Math.min(room, 1 << 22)))
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(handle)
  }
}

function unmount(folder: string): void {
  if (!mounted.delete(folder)) return
  execFileSync('umount', ['-l', folder])
}

/** Root may write wherever modes forbid it, but not where the file system itself does. */
export const readOnly: Fault = {
  kind: 'output read-only',
  lacks: () => mayMount() ?? cannotLock(),
  async strike(stage) {
    const folders = foldersIn(path.join(stage.data, 'output'))
    lock(folders)
    return `${folders.length} folders made unchangeable`
  },
  async mend(stage) {
    unlock(foldersIn(path.join(stage.data, 'output')))
  },
  async clear(stage) {
    unlock(foldersIn(path.join(stage.data, 'output')))
  },
}

const locked = new Set<string>()
process.on('exit', () => unlock([...locked]))

function lock(folders: string[]): void {
  for (const folder of folders) locked.add(folder)
  // A folder of the work may have gone since they were listed; the others are locked all the same.
  spawnSync('chattr', ['+i', ...folders], { stdio: 'ignore' })
}

function unlock(folders: string[]): void {
  const still = folders.filter((folder) => locked.delete(folder) && existsSync(folder))
  if (still.length > 0) execFileSync('chattr', ['-i', ...still])
}

const foldersIn = (top: string): string[] =>
  existsSync(top)
    ? [
        top,
        ...readdirSync(top, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map((entry) => path.join(entry.parentPath, entry.name)),
      ]
    : []

function cannotLock(): string | undefined {
  try {
    execFileSync('lsattr', ['-d', process.cwd()], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'this file system has no unchangeable folders (chattr +i)'
  }
}
