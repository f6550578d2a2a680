/**
 * Which pixels of a frame make up the small image that detectors look at, and with what weights.
 */

/** How one axis of the small image is read: two source positions per output position, weights out of 2048. */
export interface Axis {
  size: number
  first: Int32Array
  second: Int32Array
  firstWeight: Int32Array
  secondWeight: Int32Array
}

export interface SmallImage {
  x: Axis
  y: Axis
}

/**
 * Plans the small image of a picture of `width` by `height` pixels as shown: its longer side becomes 256
 * where it is longer than that. Sizes, positions and weights are those of PySceneDetect 0.7's automatic
 * downscale and of OpenCV's `resize` with INTER_LINEAR on 8 bits. (At exactly 2:1 OpenCV averages 2 by 2 pixels
 * instead, which with weights of a half gives the same.)
 */
export function planSmallImage(width: number, height: number): SmallImage {
  const factor = Math.max(1, Math.max(width, height) / 256)
  return { x: planAxis(width, factor), y: planAxis(height, factor) }
}

/** OpenCV computes positions in single precision, and weights in 1/2048. */
function planAxis(source: number, factor: number): Axis {
  const size = Math.max(1, roundHalfEven(source / factor))
  const axis = emptyAxis(size)
  const scale = 1 / (size / source)
  for (let i = 0; i < size; i++) {
    const exact = Math.fround((i + 0.5) * scale - 0.5)
    const inside = Math.min(Math.max(Math.floor(exact), 0), source - 1)
    const isEdge = exact < 0 || inside === source - 1
    const weight = isEdge ? 0 : Math.fround(exact - inside)
    axis.first[i] = inside
    axis.second[i] = Math.min(inside + 1, source - 1)
    axis.firstWeight[i] = roundHalfEven(Math.fround(1 - weight) * 2048)
    axis.secondWeight[i] = roundHalfEven(weight * 2048)
  }
  return axis
}

export const emptyAxis = (size: number): Axis => ({
  size,
  first: new Int32Array(size),
  second: new Int32Array(size),
  firstWeight: new Int32Array(size),
  secondWeight: new Int32Array(size),
})

/** Rounds as Python's `round` and IEEE 754's default do: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}
