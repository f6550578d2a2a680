/**
 * Keeps scenes from being shorter than a minimum: flashes and bursts of cuts become one cut.
 */

/**
 * The merging filter of PySceneDetect 0.7, in seconds. A frame above the threshold is a cut where the last
 * such frame (at first: the first frame) lies `minimum` seconds back. Once a cut was found, one that comes too
 * soon opens a burst, which becomes one cut at its last frame above the threshold as soon as it has lasted
 * `minimum` seconds and as much calm has followed; a burst that the film's end interrupts leaves no cut.
 *
 * @param above whether a frame's score reaches the threshold.
 * @param between seconds from one frame to a later one.
 * @returns frames, ascending.
 */
export function mergeFlashes(
  frames: number,
  above: (frame: number) => boolean,
  between: (from: number, to: number) => number,
  minimum: number,
): number[] {
  const cuts: number[] = []
  let lastAbove = 0
  let burst: number | undefined
  for (let frame = 0; frame < frames; frame++) {
    const isAbove = above(frame)
    if (!isAbove && burst === undefined) continue
    const isCalm = minimum <= 0 || between(lastAbove, frame) >= minimum
    if (isAbove) lastAbove = frame
    if (burst !== undefined) {
      if (isAbove || !isCalm || between(burst, lastAbove) < minimum) continue
      cuts.push(lastAbove)
      burst = undefined
    } else if (isAbove && isCalm) {
      cuts.push(frame)
    } else if (isAbove && cuts.length > 0) {
      burst = frame
    }
  }
  return cuts
}
