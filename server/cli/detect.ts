/**
 * `cutroom detect`: the scenes of one file, without a session or a database.
 */

import os from 'node:os'
import path from 'node:path'
import { sceneListCsv, scenesFromCuts } from '../../workers/media/scenes.ts'
import { clock, fractionValue } from '../../workers/media/timecode.ts'
import { type Detection, detectScenes } from '../../workers/operations/detect.ts'
import { probeFile } from '../../workers/operations/probe.ts'
import { findTools } from '../../workers/tools.ts'
import { readConfig } from '../config.ts'
import { type Command, numberOf, oneOf, print, printJson, say, UsageError } from './command.ts'

export const detect: Command = {
  usage: 'detect FILE [--threshold 30] [--min-scene-length 15] [--format table|csv|json] [--scores]',
  summary: 'find the scenes of one file',
  words: [1, 1],
  options: {
    threshold: { type: 'string', value: '30', help: 'how different two frames must be for a cut' },
    'min-scene-length': { type: 'string', value: '15', help: 'frames' },
    format: { type: 'string', value: 'table|csv|json', help: 'how the scenes are told (table)' },
    scores: { type: 'boolean', help: 'tell the score of every frame, too (with --format json)' },
  },

  async run([file = ''], given) {
    const format = oneOf(given, 'format', ['table', 'csv', 'json'], 'table')
    const settings = {
      detector: 'content',
      threshold: numberOf(given, 'threshold') ?? 30,
      minSceneLength: numberOf(given, 'min-scene-length') ?? 15,
    }
    if (settings.threshold < 0) throw new UsageError('--threshold is not below 0.')
    if (!Number.isInteger(settings.minSceneLength) || settings.minSceneLength < 0) {
      throw new UsageError('--min-scene-length takes a whole number of frames.')
    }
    const config = readConfig()
    const tools = await findTools(config.ffmpeg, os.availableParallelism(), config.searchPath)
    const whole = path.resolve(config.cwd, file)
    const context = createContext()
    const probe = await probeFile(whole, tools, context)
    const found = await detectScenes(whole, probe, settings, tools, context)
    if (format === 'json') printJson(describe(whole, found, given.scores === true))
    else if (format === 'csv') process.stdout.write(sceneListCsv(found))
    else table(found)
    return 0
  },
}

/** The child ends with Ctrl-C, and with it this command. */
function createContext() {
  const cancel = new AbortController()
  process.once('SIGINT', () => {
    cancel.abort()
    process.exitCode = 130
  })
  const show = process.stderr.isTTY
  return {
    signal: cancel.signal,
    report: (done: number, total: number) => {
      if (show && total > 0)
        process.stderr.write(
          `\r${Math.min(100, Math.floor((done / total) * 100))}%${done >= total ? '\n' : ''}`,
        )
    },
    warn: say,
    children: { started: () => undefined, ended: () => undefined },
  }
}

function describe(file: string, found: Detection, withScores: boolean) {
  return {
    file,
    frames: found.frames,
    fps: fractionValue(found.fps),
    cuts: found.cuts,
    scenes: scenesFromCuts(found),
    ...(withScores && { scores: [...found.scores] }),
  }
}

function table(found: Detection): void {
  const scenes = scenesFromCuts(found)
  print('scene   frames              time')
  for (const { number, startFrame, endFrame, start, end } of scenes) {
    print(
      `${String(number).padStart(5)}   ${`${startFrame}-${endFrame - 1}`.padEnd(17)}   ${clock(start)} - ${clock(end)}`,
    )
  }
  print(
    `${scenes.length} ${scenes.length === 1 ? 'scene' : 'scenes'}, ${found.frames} frames, ${clock(found.duration)}`,
  )
}
