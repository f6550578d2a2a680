/**
 * Makes a folder that runs with plain node: our own code in one file, and beside it the packages that must stay
 * packages because they hold native code or start files of their own.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { build, type BuildOptions } from 'esbuild'
import { carriedNames, carryPackages } from './carry.ts'
import { buildIdOf } from './build_id.ts'
import { writeLicences } from './licences.ts'

/** Builds `folder` anew; it appears whole, in place of what was there. */
export async function buildFolder(project: string, folder: string): Promise<void> {
  const made = `${folder}.new`
  const id = buildIdOf(project)
  rmSync(made, { recursive: true, force: true })
  mkdirSync(made, { recursive: true })
  // First of all: what is changed while it builds must be younger than this.
  writeFileSync(path.join(made, 'built.json'), JSON.stringify({ build: id }))
  const bundled = await bundle(project, made, id)
  carryPackages(project, made)
  cpSync(path.join(project, 'static'), path.join(made, 'static'), { recursive: true })
  writeLicences(project, made, bundled)
  await compile(made)
  rmSync(folder, { recursive: true, force: true })
  renameSync(made, folder)
}

export const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
} satisfies BuildOptions

/** In the one file every module is where that file is: all that read their place are one folder below the top. */
export const asCommonJs = {
  format: 'cjs',
  // A script that is compiled beforehand cannot import packages later; it can require them.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
} satisfies BuildOptions

/** @returns the paths of all that went into it, from the project. */
async function bundle(project: string, folder: string, id: string): Promise<string[]> {
  const inputs = (result: { metafile: { inputs: object } }) => Object.keys(result.metafile.inputs)
  const from = { ...common, absWorkingDir: project, external: carriedNames }
  const define = { ...asCommonJs.define, CUTROOM_BUILD: JSON.stringify(id) }
  const program = await build({
    ...from,
    ...asCommonJs,
    define,
    entryPoints: ['server/cli/main.ts'],
    outfile: path.join(folder, 'server/main.cjs'),
  })
  const worker = await build({
    ...from,
    format: 'esm',
    entryPoints: ['workers/worker.ts'],
    outfile: path.join(folder, 'server/worker.mjs'),
  })
  const launcher = await build({
    ...from,
    ...asCommonJs,
    entryPoints: ['scripts/build/folder_main.ts'],
    outfile: path.join(folder, 'cutroom.cjs'),
  })
  return [...new Set([program, worker, launcher].flatMap(inputs))]
}

/** Runs the program up to its first page, after which Node keeps what it compiled on the way. Nobody's settings reach it. */
async function compile(folder: string): Promise<void> {
  const data = mkdtempSync(path.join(os.tmpdir(), 'cutroom-build-'))
  try {
    const words = ['serve', '--port', '0', '--data', data]
    const child = spawn(process.execPath, [path.join(folder, 'cutroom.cjs'), ...words], {
      env: { CUTROOM_COMPILE: '1', CUTROOM_HOME: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const said = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    const address = /http:\S+/.exec(String(said[0]))?.[0]
    if (!address) throw new Error('The built program does not serve.')
    await (await fetch(address)).text()
    child.kill('SIGTERM')
    await once(child, 'exit')
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}
