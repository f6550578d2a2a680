/**
 * Makes one executable out of a built folder: Node itself, with the folder packed inside.
 */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build } from 'esbuild'
import { asCommonJs, common } from './folder.ts'
import { joinPack, type Packed } from './pack.ts'

const deflate = promisify(gzip)

/** Node looks for this mark to know that it carries a program (its documentation of single executables). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** @returns the size of the executable in bytes. */
export async function buildSingle(project: string, folder: string, file: string): Promise<number> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'cutroom-single-'))
  try {
    const pack = await packFolder(folder, path.basename(file))
    const name = createHash('sha256').update(pack).digest('hex').slice(0, 16)
    const main = path.join(scratch, 'main.cjs')
    const entry = path.join(project, 'scripts/build/single_main.ts')
    await build({ ...common, ...asCommonJs, entryPoints: [entry], outfile: main, external: ['node:sea'] })
    const made = path.join(scratch, 'cutroom')
    copyFileSync(process.execPath, made)
    chmodSync(made, 0o755)
    strip(made)
    inject(made, makeBlob(scratch, main, { pack, name: Buffer.from(name) }))
    if (process.platform === 'darwin') execFileSync('codesign', ['--sign', '-', made])
    copyFileSync(made, `${file}.new`)
    renameSync(`${file}.new`, file)
    return statSync(file).size
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function packFolder(folder: string, besides: string): Promise<Buffer> {
  const list: Packed[] = []
  const parts: Uint8Array[] = []
  let at = 0
  for (const file of filesIn(folder).filter((name) => name !== besides)) {
    const data = readFileSync(path.join(folder, file))
    const part = await deflate(data, { level: 9 })
    const sha256 = createHash('sha256').update(data).digest('hex')
    const mode = statSync(path.join(folder, file)).mode & 0o111 ? 0o755 : 0o644
    list.push({ path: file, mode, bytes: data.length, sha256, at, length: part.length })
    parts.push(part)
    at += part.length
  }
  return joinPack(list, parts)
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted()

/** Debugging symbols are an eighth of Node; where there is no `strip` they stay. A signature must go first on macOS. */
function strip(file: string): void {
  if (process.platform === 'darwin') execFileSync('codesign', ['--remove-signature', file])
  try {
    execFileSync('strip', [file], { stdio: 'ignore' })
  } catch {
    console.error('There is no strip here, so the executable is larger than it need be.')
  }
}

/** @returns its path. */
function makeBlob(scratch: string, main: string, assets: Record<string, Uint8Array>): string {
  const output = path.join(scratch, 'blob')
  const files = Object.entries(assets).map(([name, data]) => {
    const file = path.join(scratch, `asset-${name}`)
    writeFileSync(file, data)
    return [name, file]
  })
  const config = path.join(scratch, 'config.json')
  writeFileSync(
    config,
    JSON.stringify({
      main,
      output,
      disableExperimentalSEAWarning: true,
      assets: Object.fromEntries(files) as unknown,
    }),
  )
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: 'ignore' })
  return output
}

/** What postject complains of is no harm: names of sections that `strip` has taken away. */
function inject(executable: string, blob: string): void {
  const postject = createRequire(import.meta.url).resolve('postject/dist/cli.js')
  const segment = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : []
  const words = [executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse, ...segment]
  execFileSync(process.execPath, [postject, ...words], { stdio: 'pipe' })
}
