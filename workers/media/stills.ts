/**
 * Which frame of a scene becomes its still.
 */

import type { Frames, JobScene } from '../operation.ts'

/** Mean of B, G and R, 0 to 255, up to which a frame counts as dark: 3 %, what a dark fade leaves of a picture. */
export const blackLevel = 8

export interface Choice {
  scene: number
  frame: number
  /** Seconds from the first frame's PTS. */
  time: number
  /** Why another than the middle frame was taken; null where it is the middle frame. */
  note: string | null
}

/** The frame that a person picked; else the one nearest the scene's middle or, where that is black, the nearest that is not. */
export function chooseFrame(scene: JobScene, frames: Frames): Choice {
  const picked = pickedWithin(scene)
  if (picked !== null)
    return { scene: scene.number, frame: picked, time: frames.times[picked] ?? 0, note: null }
  const middle = middleFrame(scene, frames)
  const frame = isBlack(frames, middle) ? nearestBright(scene, frames, middle) : middle
  return {
    scene: scene.number,
    frame,
    time: frames.times[frame] ?? 0,
    note: note(scene, frames, middle, frame),
  }
}

/** Null where none was picked, or where it belongs to another scene since a cut was moved. */
export const pickedWithin = ({ pickedFrame, startFrame, endFrame }: Picked): number | null =>
  pickedFrame !== null && pickedFrame >= startFrame && pickedFrame < endFrame ? pickedFrame : null

type Picked = Pick<JobScene, 'pickedFrame' | 'startFrame' | 'endFrame'>

/** The middle frame by PTS, so that it is right where frames are not evenly spaced; of two equally near ones the earlier. */
export function middleFrame(
  { startFrame, endFrame, startTime, endTime }: JobScene,
  { times }: Frames,
): number {
  const wanted = (startTime + endTime) / 2
  let nearest = startFrame
  for (let frame = startFrame; frame < endFrame; frame++)
    if (Math.abs((times[frame] ?? 0) - wanted) < Math.abs((times[nearest] ?? 0) - wanted) - 1e-9)
      nearest = frame
  return nearest
}

const isBlack = ({ brightness }: Frames, frame: number) => (brightness[frame] ?? 255) <= blackLevel

/** Outward from the middle; where all is black, the brightest there is. */
function nearestBright({ startFrame, endFrame }: JobScene, frames: Frames, middle: number): number {
  let brightest = middle
  for (let away = 1; away < endFrame - startFrame; away++) {
    for (const frame of [middle - away, middle + away]) {
      if (frame < startFrame || frame >= endFrame) continue
      if (!isBlack(frames, frame)) return frame
      if ((frames.brightness[frame] ?? 0) > (frames.brightness[brightest] ?? 0)) brightest = frame
    }
  }
  return brightest
}

function note(scene: JobScene, frames: Frames, middle: number, frame: number): string | null {
  if (!isBlack(frames, middle)) return null
  if (isBlack(frames, frame))
    return `Scene ${scene.number} is dark throughout: its still is frame ${frame}, the brightest there is.`
  return `Scene ${scene.number}: frame ${middle} in its middle is dark, so its still is frame ${frame}.`
}
