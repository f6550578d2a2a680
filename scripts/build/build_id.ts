/**
 * Tells one state of the source from another.
 */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** What the program is made of. */
const sources = ['server', 'workers', 'templates', 'static', 'db', 'package.json', 'package-lock.json']

/** Twelve hexadecimal digits that change with any byte of the source. */
export function buildIdOf(project: string): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((name) => filesUnder(project, name)).toSorted()) {
    hash.update(`${file}\0`).update(readFileSync(path.join(project, file)))
  }
  return hash.digest('hex').slice(0, 12)
}

function filesUnder(project: string, name: string): string[] {
  if (path.extname(name)) return [name]
  return readdirSync(path.join(project, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(project, path.join(entry.parentPath, entry.name)))
}
