/**
 * What the package itself serves, read once: a map of names, so that no name can lead anywhere else.
 */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { contentType } from '../http/content_type.ts'
import type { Assets } from '../services.ts'

const require = createRequire(import.meta.url)

/** Served by these names, from packages. */
const vendored = { 'vendor/htmx.js': 'htmx.org/dist/htmx.min.js' }

/** What pages are made of; anything else in the folder (the sample) is not theirs. */
const served = /^(text\/(css|javascript)|image\/|font\/)/

/**
 * @param folder absolute; every style, script, picture and font under it is served.
 * @throws Error where it cannot be read.
 */
export function createAssets(folder: string): Assets {
  const own = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => served.test(contentType(name)))
    .map((name) => [name.split(path.sep).join('/'), path.join(folder, name)] as const)
  const packaged = Object.entries(vendored).map(([name, file]) => [name, require.resolve(file)] as const)
  const assets = new Map([...own, ...packaged].map(([name, file]) => [name, read(name, file)]))
  return { open: async (name) => assets.get(name) ?? null }
}

function read(name: string, file: string) {
  const body = new Uint8Array(readFileSync(file))
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16)
  return { body, type: contentType(name), etag: `"${hash}"` }
}
