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
  const assets = readAll(new Map([...own, ...packaged]))
  return {
    open: async (name) => assets.get(name) ?? null,
    version: (name) => assets.get(name)?.version,
  }
}

interface Asset {
  body: Uint8Array
  type: string
  version: string
  etag: string
}

/** A module's own imports are read before it: they stand in it by their versions. No two import each other. */
function readAll(files: Map<string, string>): Map<string, Asset> {
  const assets = new Map<string, Asset>()
  const read = (name: string, file: string): Asset => {
    const known = assets.get(name)
    if (known) return known
    const plain = readFileSync(file)
    const body = new Uint8Array(name.endsWith('.js') ? Buffer.from(versioned(plain.toString())) : plain)
    const version = createHash('sha256').update(body).digest('hex').slice(0, 16)
    const asset = { body, type: contentType(name), version, etag: `"${version}"` }
    assets.set(name, asset)
    return asset
  }
  const versioned = (script: string) =>
    script.replaceAll(ownImport, (whole, name: string) => {
      const file = files.get(name)
      return file === undefined ? whole : `from './${name}?v=${read(name, file).version}'`
    })
  for (const [name, file] of files) read(name, file)
  return assets
}

const ownImport = /from '\.\/([\w.]+)'/g
