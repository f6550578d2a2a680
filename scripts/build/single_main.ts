/**
 * What the single executable runs: unpacks itself where that was not done before, and starts the program.
 */

import { accessSync, constants } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { getAsset, getRawAsset } from 'node:sea'
import { launch } from './launch.ts'
import { cacheFolders, unpackOnce } from './unpack.ts'

const home = path.dirname(process.execPath)

async function start(): Promise<void> {
  const name = getAsset('name', 'utf8')
  const folder = await unpackOnce(cacheFolders(process.env, process.argv, home), name, () =>
    Buffer.from(getRawAsset('pack') as ArrayBuffer),
  )
  if (!isWritable(os.tmpdir())) process.env.TMPDIR = path.dirname(folder)
  await launch(folder, home)
}

/** A bare system may have no folder for what is only needed for a moment. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

start().catch((error: unknown) => {
  console.error(`Cutroom cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
})
