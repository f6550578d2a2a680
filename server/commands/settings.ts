/**
 * Changes settings, whichever door they come through: what the database alone can check, and detectors by their names.
 */

import type { Db } from '../../db/schema.ts'
import { type SettingKey, type SettingProblems, type Settings, setSettings } from '../../db/settings.ts'
import type { Detector } from '../../workers/detectors/detector.ts'
import { detectors } from '../../workers/detectors/mod.ts'

/** What the settings say, or the detector’s own. */
export const usualThreshold = (detector: Detector, defaults: Settings): number =>
  detector.name === 'content'
    ? defaults.scene_threshold_default
    : (defaults.detector_thresholds?.[detector.name] ?? detector.threshold.default)

/**
 * Changes all of them, or none.
 * @param values typed, or as text.
 * @returns what is wrong with which; empty where all is written.
 */
export async function changeSettings(
  db: Db,
  values: Partial<Record<SettingKey, unknown>>,
): Promise<SettingProblems> {
  const problems = detectorProblems(values)
  return Object.keys(problems).length > 0 ? problems : setSettings(db, values)
}

function detectorProblems(values: Partial<Record<SettingKey, unknown>>): SettingProblems {
  const { detector_default: name, detector_thresholds: given, scene_threshold_default: content } = values
  const thresholds = thresholdsOf(given)
  const unknown = Object.keys(thresholds).find((one) => !detectors.some((known) => known.name === one))
  const outside = [['content', content], ...Object.entries(thresholds)].map(outsideRange).find(Boolean)
  return {
    ...(name !== undefined &&
      !detectors.some((known) => known.name === name) && {
        detector_default: `there is no such detector; there are ${detectors.map((one) => one.name).join(', ')}`,
      }),
    ...(unknown !== undefined && { detector_thresholds: `there is no detector “${unknown}”` }),
    ...(outside && { [outside[0]]: outside[1] }),
  }
}

function outsideRange([name, given]: unknown[]): [SettingKey, string] | undefined {
  const detector = detectors.find((known) => known.name === name)
  const value = Number(given)
  if (!detector || given === undefined || given === '' || Number.isNaN(value)) return undefined
  const { least, most } = detector.threshold
  if (value >= least && value <= most) return undefined
  const key = name === 'content' ? 'scene_threshold_default' : 'detector_thresholds'
  return [key, `the threshold of ${detector.name} is ${least} to ${most}`]
}

/** As an object, also where it came as text; what cannot be read is left to the shape. */
function thresholdsOf(given: unknown): NonNullable<Settings['detector_thresholds']> {
  try {
    const read: unknown = typeof given === 'string' && given !== '' ? JSON.parse(given) : given
    return typeof read === 'object' && read !== null ? (read as Record<string, number>) : {}
  } catch {
    return {}
  }
}
