/**
 * Packages that go along as they are: those with native code, and those that start or serve files of their own.
 */

import { cpSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** What cannot be part of one file of JavaScript. */
export const carriedNames = [
  '@ffmpeg-installer/ffmpeg',
  '@ffprobe-installer/ffprobe',
  'better-sqlite3',
  'htmx.org',
  'piscina',
  'sharp',
]

/** What they name but only need to be installed, or what we never ask of them. */
const left = ['prebuild-install', '@napi-rs/nice']

/** What running them needs no more. */
const unneeded = /(\.md|\.map|\.d\.[cm]?ts|\.[ch]pp|\.gyp|\/(deps|src|test|benchmark|examples|docs))$/
const needed = /better_sqlite3\.node$|licen[cs]e|notice|copying/i

export interface Package {
  name: string
  version: string
  license?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** Copies them with all that they stand on, as far as it is installed here. */
export function carryPackages(project: string, folder: string): void {
  for (const name of withDependencies(project, carriedNames)) {
    const from = path.join(project, 'node_modules', name)
    const filter = (file: string) => isKept(path.relative(from, file))
    cpSync(from, path.join(folder, 'node_modules', name), { recursive: true, filter })
  }
}

function isKept(file: string): boolean {
  if (file.startsWith('build')) return /^build(\/Release(\/better_sqlite3\.node)?)?$/.test(file)
  return needed.test(file) || !unneeded.test(`/${file}`)
}

export const packageOf = (project: string, name: string): Package =>
  JSON.parse(readFileSync(path.join(project, 'node_modules', name, 'package.json'), 'utf8')) as Package

/** The named packages and all that they depend on, each once. */
export function withDependencies(project: string, names: string[]): string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    if (found.has(name) || left.includes(name)) return
    if (!existsSync(path.join(project, 'node_modules', name))) return // for another kind of machine
    found.add(name)
    const { dependencies, optionalDependencies } = packageOf(project, name)
    Object.keys({ ...dependencies, ...optionalDependencies }).forEach(add)
  }
  names.forEach(add)
  return [...found]
}
