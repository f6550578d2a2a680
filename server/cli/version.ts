/**
 * `cutroom version`, also `cutroom --version`: which parts this Cutroom is made of, and under what licences.
 */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { sqliteVersion } from '../../db/open.ts'
import { findTools, versionOf } from '../../workers/tools.ts'
import { readConfig } from '../config.ts'
import { build, type Licence, version as ours } from '../version.ts'
import { type Command, jsonOption, print, printJson } from './command.ts'

export const version: Command = {
  usage: 'version [--json]',
  summary: 'tell the versions, the build and the licences',
  words: [0, 0],
  options: { ...jsonOption },

  async run(_words, given) {
    const config = readConfig()
    const tools = await findTools(config.ffmpeg, 1, config.searchPath, config.childEnvironment)
    const versions = {
      cutroom: ours,
      build,
      node: process.versions.node,
      sqlite: sqliteVersion(),
      ffmpeg: tools.version,
      ffprobe: await versionOf(tools.ffprobe),
    }
    const licences = readLicences()
    if (given.json === true) printJson({ ...versions, licences })
    else tell(versions, licences)
    return 0
  },
}

function tell({ cutroom, build, ...parts }: Record<string, string>, licences: Licence[]): void {
  print(`Cutroom ${cutroom} (${build === 'source' ? 'from its source' : `build ${build}`}), MIT licence`)
  for (const [name, number] of Object.entries(parts)) print(`  ${name.padEnd(8)} ${number}`)
  if (licences.length === 0) {
    print(`The licences of what it stands on lie with the packages in node_modules.`)
    return
  }
  print(
    `The ffmpeg and ffprobe inside are programs of their own under the GPL 3; where their source is: ffmpeg.txt.`,
  )
  print(`All licences, as texts, lie in ${licenceFolder}:`)
  for (const { name, version: number, licence } of licences) print(`  ${name} ${number}, ${licence}`)
}

/** Written by the build beside the program. */
const licenceFolder = path.resolve(import.meta.dirname, '../licences')

function readLicences(): Licence[] {
  const list = path.join(licenceFolder, 'list.json')
  return existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Licence[]) : []
}
