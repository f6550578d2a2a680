/**
 * Measures how sharp frames are, for the choice of stills.
 */

import type { Measurement } from './detector.ts'
import type { SmallPicture } from './sampler.ts'

/**
 * `sharpness`: mean square of the Laplacian over green, which carries most of luma. The small image picks pixels without
 * smoothing them first, so that fine detail of the frame is not lost to it. Comparable within a scene only: a face
 * before a plain wall has less detail than a wood, however sharp it is.
 */
export const sharpness: Measurement = { measures: ['sharpness'], memory: 0, start: startSharpness }

function startSharpness({ kernel, at, plane, width, height }: SmallPicture) {
  const pixels = Math.max(1, (width - 2) * (height - 2))
  return (values: Float64Array) => {
    values[0] = kernel.loops.squaredDetail(at + plane, width, height) / pixels
  }
}
