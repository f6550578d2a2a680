/**
 * `cutroom archive`: a master becomes an archive, here and now.
 */

import path from 'node:path'
import { encoders, existingFolderRules } from '../../db/schema.ts'
import { orderArchive } from '../commands/archive.ts'
import { readConfig } from '../config.ts'
import { thisOwner } from '../engine/owner.ts'
import { openMachinery, openStore } from '../open.ts'
import {
  type Command,
  dataOption,
  type Given,
  jsonOption,
  numberOf,
  text,
  texts,
  UsageError,
} from './command.ts'
import { detectorNotes, detectorOptions } from './detector_options.ts'
import { carryThrough } from './follow.ts'

export const archive: Command = {
  usage: 'archive MASTER --artwork NAME [options]',
  summary: 'turn a master into scenes, stills, clips and a project folder',
  words: [1, 1],
  options: {
    artwork: { type: 'string', value: 'NAME', help: 'the name of the work; files are named after it' },
    date: { type: 'string', value: 'YY-MM-DD', help: 'the date of the project (today)' },
    out: { type: 'string', value: 'DIR', help: 'where the project folder is made (<data>/output)' },
    rd: { type: 'string', value: 'DIR', help: 'a folder of R&D images and videos to archive with it' },
    preset: { type: 'string', value: 'ID', help: 'output settings (webflow_standard)' },
    set: {
      type: 'string',
      value: 'KEY=VALUE',
      multiple: true,
      help: 'override one setting of the preset: video.crf=21',
    },
    encoder: { type: 'string', value: encoders.join('|'), help: 'x264, or nvenc where there is one' },
    aspect: { type: 'string', value: '16x9', help: 'the suffix of names, instead of what the picture has' },
    ...detectorOptions,
    'min-scene-length': { type: 'string', value: '15', help: 'frames' },
    scenes: { type: 'string', value: 'all|none|1,3-5', help: 'which scenes become clips (all)' },
    group: { type: 'string', value: '2-4', multiple: true, help: 'scenes that become one seamless clip' },
    'if-exists': {
      type: 'string',
      value: existingFolderRules.join('|'),
      help: 'what to do with an existing folder (version)',
    },
    ...dataOption,
    ...jsonOption,
  },

  notes: detectorNotes,

  async run([master = ''], given) {
    const artwork = text(given, 'artwork')
    if (artwork === undefined) throw new UsageError('--artwork NAME is missing.')
    const config = readConfig(dataOf(given))
    const here = (folder: string | undefined) =>
      folder === undefined ? undefined : path.resolve(config.cwd, folder)
    const { db, roots } = await openStore(config)
    try {
      const machinery = await openMachinery(config, db) // without it nothing is ordered
      const order = {
        master: path.resolve(config.cwd, master),
        artwork,
        date: text(given, 'date'),
        out: here(text(given, 'out')),
        rd: here(text(given, 'rd')),
        preset: text(given, 'preset'),
        overrides: readOverrides(texts(given, 'set')),
        encoder: text(given, 'encoder'),
        aspect: text(given, 'aspect'),
        detector: text(given, 'detector'),
        threshold: numberOf(given, 'threshold'),
        minSceneLength: numberOf(given, 'min-scene-length'),
        ifExists: text(given, 'if-exists'),
        choice: { scenes: text(given, 'scenes') ?? 'all', groups: texts(given, 'group') },
      }
      const session = await orderArchive(db, roots.output, order, { owner: thisOwner() })
      return await carryThrough(machinery, db, session.key, { json: given.json === true })
    } finally {
      await db.destroy()
    }
  },
}

export const dataOf = (given: Given) => {
  const data = text(given, 'data')
  return data === undefined ? {} : { data }
}

function readOverrides(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--set takes KEY=VALUE, not “${pair}”.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
