/**
 * Frames of a scene that would make a good still: sharp, well lit, and calm.
 */

import { blackLevel } from './stills.ts'

/** What was measured of a film's frames, one entry each; empty where an earlier version did not measure it. */
export interface Looks {
  /** Mean of B, G and R, 0 to 255. */
  brightness: ArrayLike<number>
  /** Mean change of brightness since the frame before, 0 to 255. */
  luma: ArrayLike<number>
  /** See workers/detectors/sharpness.ts: comparable within a scene. */
  sharpness: ArrayLike<number>
}

export interface Candidate {
  frame: number
  /** To that of the scene's sharpest frame, 0 to 1; 1 where sharpness was not measured. */
  sharpness: number
  isBlack: boolean
  /** The better the higher; 0 for what nobody would want. */
  score: number
}

/** First frame and the one behind the last. */
interface Stretch {
  startFrame: number
  endFrame: number
}

/**
 * Up to three frames, the best first, apart from each other, so that there is something to choose from.
 *
 * A still is spoilt by any one of blur, bad light and motion, so their grades are multiplied. Sharpness is graded
 * against the sharpest frame of the same scene, for it says as much of what is shown as of how sharp it is. The
 * beginning and the end of a scene are left out: dissolves reach into them, and encoders spend fewer bits there.
 * Of frames that are alike, as in a title, the one nearest the middle comes first.
 */
export function rankStills(scene: Stretch, looks: Looks): Candidate[] {
  const graded = gradeFrames(scene, looks)
  const apart = Math.floor((scene.endFrame - scene.startFrame) / 6)
  const chosen: Candidate[] = []
  while (chosen.length < 3) {
    const next = bestOf(graded, scene, (frame) =>
      chosen.every((one) => frame !== one.frame && Math.abs(frame - one.frame) >= apart),
    )
    if (!next) break
    chosen.push(next)
  }
  return chosen
}

function gradeFrames({ startFrame, endFrame }: Stretch, looks: Looks): Candidate[] {
  const margin = Math.floor((endFrame - startFrame) / 12)
  const frames = Array.from({ length: endFrame - startFrame - 2 * margin }, (_, i) => startFrame + margin + i)
  const sharpest = frames.reduce((most, frame) => Math.max(most, looks.sharpness[frame] ?? 0), 0)
  return frames.map((frame) => {
    const sharpness = sharpest > 0 ? (looks.sharpness[frame] ?? sharpest) / sharpest : 1
    const brightness = looks.brightness[frame] ?? 128
    const score = sharpness * exposure(brightness) * calm(motionAt(frame, { startFrame, endFrame }, looks))
    return { frame, sharpness, isBlack: brightness <= blackLevel, score }
  })
}

/** Rises from black to a dark picture, and falls from a bright one to white. */
const exposure = (brightness: number) =>
  Math.min(1, Math.max(0, (brightness - blackLevel) / 40), Math.max(0, (255 - blackLevel - brightness) / 40))

/** 1 for a frame that stands still, a half where light changes by 8 of 255 from one frame to the next: a quick pan. */
const calm = (motion: number) => 8 / (8 + motion)

/** To the frame before and to the one behind, whichever is more; across a cut nothing moves. */
function motionAt(frame: number, { startFrame, endFrame }: Stretch, { luma }: Looks): number {
  const before = frame > startFrame ? (luma[frame] ?? 0) : 0
  const behind = frame + 1 < endFrame ? (luma[frame + 1] ?? 0) : 0
  return Math.max(before, behind)
}

/** A score that is a hair higher is no reason to leave the middle. */
function bestOf(
  graded: readonly Candidate[],
  { startFrame, endFrame }: Stretch,
  isFree: (frame: number) => boolean,
): Candidate | undefined {
  const middle = (startFrame + endFrame - 1) / 2
  const away = ({ frame }: Candidate) => Math.abs(frame - middle)
  let best: Candidate | undefined
  for (const one of graded) {
    if (!isFree(one.frame)) continue
    const by = best ? one.score - best.score : Infinity
    if (!best || by > 1e-9 || (by > -1e-9 && away(one) < away(best))) best = one
  }
  return best
}
