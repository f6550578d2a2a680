/**
 * Gathers the licences of all that a build carries, texts included.
 */

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Licence } from '../../server/version.ts'
import { carriedNames, packageOf, withDependencies } from './carry.ts'

/** Bundles that say they are under the LGPL bring no text of it; it lies among our own. */
const isText = /^(licen[cs]e|copying|notice|third-party)/i

/**
 * Writes `licences/` into `folder`: a text for each, and `list.json` that says which there are.
 * @param bundled paths of the files that went into the program, from the project.
 */
export function writeLicences(project: string, folder: string, bundled: string[]): void {
  const place = path.join(folder, 'licences')
  cpSync(path.join(project, 'docs/licences'), place, { recursive: true })
  cpSync(path.join(project, 'LICENSE'), path.join(place, 'cutroom.txt'))
  const names = new Set([...withDependencies(project, carriedNames), ...bundled.flatMap(packageIn)])
  const packages = [...names].toSorted().map((name): Licence => {
    const { version, license = 'unknown' } = packageOf(project, name)
    writeText(place, name, textsOf(path.join(project, 'node_modules', name)))
    return { name, version, licence: license }
  })
  const node = { name: 'node', version: process.versions.node, licence: 'MIT and others' }
  writeText(place, 'node', [nodeLicence()])
  writeFileSync(path.join(place, 'list.json'), JSON.stringify([node, ...packages], null, 1))
}

/** `node_modules/a/node_modules/@b/c/d.js` is of `@b/c`. */
function packageIn(file: string): string[] {
  const [, inside] = /.*node_modules\/(.*)/.exec(file) ?? []
  if (inside === undefined) return []
  return [
    inside
      .split('/')
      .slice(0, inside.startsWith('@') ? 2 : 1)
      .join('/'),
  ]
}

const textsOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => isText.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))

function writeText(place: string, name: string, texts: string[]): void {
  if (texts.length === 0) return
  mkdirSync(path.join(place, path.dirname(name)), { recursive: true })
  writeFileSync(path.join(place, `${name}.txt`), texts.join('\n\n'))
}

/** Lies beside Node, where depends on who packed it. */
function nodeLicence(): string {
  const prefix = path.resolve(path.dirname(process.execPath), '..')
  const found = ['LICENSE', 'share/doc/nodejs/LICENSE', 'share/doc/nodejs/copyright']
    .map((name) => path.join(prefix, name))
    .find((file) => existsSync(file))
  if (found) return readFileSync(found, 'utf8')
  return `Node.js is under the MIT licence, and what it carries under others:\nhttps://github.com/nodejs/node/blob/v${process.versions.node}/LICENSE\n`
}
