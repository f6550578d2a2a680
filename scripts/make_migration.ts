/**
 * `npm run make-migration NAME`: the next migration, empty, and its place in the list.
 */

import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Writes `NNNN_name.ts` into `folder` and lists all migrations there in `mod.ts`.
 * @returns the path of the new file.
 * @throws Error when `name` is not lower-case words joined by `_`, or is taken.
 */
export function makeMigration(folder: string, name: string): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    throw new Error(
      `“${name}” is no name for a migration: use lower-case words joined by _, like “video_tags”.`,
    )
  }
  const existing = migrationsIn(folder)
  const taken = existing.find((known) => known.slice(5) === name)
  if (taken) throw new Error(`There is a migration of that name: ${taken}.`)
  const number = Number(existing.at(-1)?.slice(0, 4) ?? 0) + 1
  const file = path.join(folder, `${String(number).padStart(4, '0')}_${name}.ts`)
  writeFileSync(file, stub(name), { flag: 'wx' })
  writeFileSync(path.join(folder, 'mod.ts'), registry(migrationsIn(folder)))
  return file
}

function migrationsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => /^\d{4}_.*\.ts$/.test(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()
}

const stub = (name: string) => `/**
 * ${name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase())}.
 */

import type { Kysely } from 'kysely'

export async function up(_db: Kysely<unknown>): Promise<void> {
  throw new Error('The migration “${name}” does not say yet what it does.')
}

export async function down(_db: Kysely<unknown>): Promise<void> {
  throw new Error('The migration “${name}” does not say yet how it is undone.')
}
`

/** A list and not a folder to be read at run time, so that it can be bundled. */
const registry = (names: string[]) => `/**
 * Every migration there is, written by \`npm run make-migration\`; a list, so that it can be bundled.
 */

import type { Migration } from 'kysely'
${names.map((name) => `import * as m${name.slice(0, 4)} from './${name}.ts'\n`).join('')}
export const migrations: Record<string, Required<Migration>> = {
${names.map((name) => `  '${name}': m${name.slice(0, 4)},\n`).join('')}}
`

function main([name]: string[]): void {
  if (!name) throw new Error('Which name? Say `npm run make-migration NAME`.')
  const folder = path.resolve(import.meta.dirname, '../db/migrations')
  console.log(path.relative(process.cwd(), makeMigration(folder, name)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
