/**
 * `cutroom detect`: the scenes of one file, without a session or a database.
 */

import os from 'node:os'
import path from 'node:path'
import type { Detector } from '../../workers/detectors/detector.ts'
import { sceneListCsv, scenesFromCuts } from '../../workers/media/scenes.ts'
import { detectorNamed } from '../../workers/detectors/mod.ts'
import { clock, fractionValue } from '../../workers/media/timecode.ts'
import { type Detection, type DetectionSettings, detectScenes } from '../../workers/operations/detect.ts'
import { probeFile } from '../../workers/operations/probe.ts'
import { findTools } from '../../workers/tools.ts'
import { readConfig } from '../config.ts'
import { detectorNotes, detectorOptions } from './detector_options.ts'
import {
  type Command,
  type Given,
  numberOf,
  oneOf,
  print,
  printJson,
  say,
  text,
  UsageError,
} from './command.ts'

export const detect: Command = {
  usage:
    'detect FILE [--detector content] [--threshold 30] [--min-scene-length 15] [--format table|csv|json] [--scores]',
  summary: 'find the scenes of one file',
  words: [1, 1],
  options: {
    ...detectorOptions,
    'min-scene-length': { type: 'string', value: '15', help: 'frames' },
    format: { type: 'string', value: 'table|csv|json', help: 'how the scenes are told (table)' },
    scores: { type: 'boolean', help: 'tell the score of every frame, too (with --format json)' },
  },

  notes: detectorNotes,

  async run([file = ''], given) {
    const format = oneOf(given, 'format', ['table', 'csv', 'json'], 'table')
    const settings = readSettings(given)
    const config = readConfig()
    const tools = await findTools(
      config.ffmpeg,
      os.availableParallelism(),
      config.searchPath,
      config.childEnvironment,
    )
    const whole = path.resolve(config.cwd, file)
    const context = createContext()
    const probe = await probeFile(whole, tools, context)
    const found = await detectScenes(whole, probe, settings, tools, context)
    if (format === 'json') printJson(describe(whole, settings, found, given.scores === true))
    else if (format === 'csv')
      process.stdout.write(sceneListCsv({ ...found, variable: probe.video.variable }))
    else table(found)
    return 0
  },
}

function readSettings(given: Given): DetectionSettings {
  const detector = chosenDetector(given)
  const { default: usual, least, most } = detector.threshold
  const threshold = numberOf(given, 'threshold') ?? usual
  if (threshold < least || threshold > most) {
    throw new UsageError(`--threshold of ${detector.name} is ${least} to ${most}.`)
  }
  const minSceneLength = numberOf(given, 'min-scene-length') ?? 15
  if (!Number.isInteger(minSceneLength) || minSceneLength < 0) {
    throw new UsageError('--min-scene-length takes a whole number of frames.')
  }
  return { detector: detector.name, threshold, minSceneLength }
}

function chosenDetector(given: Given): Detector {
  try {
    return detectorNamed(text(given, 'detector') ?? 'content')
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error })
  }
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

function describe(file: string, settings: DetectionSettings, found: Detection, withScores: boolean) {
  return {
    file,
    detector: settings.detector,
    threshold: settings.threshold,
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
